//! UDP, and several tasks that wait for one socket.

use super::*;

#[test]
fn several_tasks_may_wait_for_one_socket_and_each_gets_its_datagram() {
    on_each_flavor(async || {
        let socket = Arc::new(UdpSocket::bind(ANY_PORT).await.unwrap());
        let receivers: Vec<_> = (0..10)
            .map(|_| {
                let socket = socket.clone();
                spawn(async move {
                    let mut buffer = [0; 1];
                    socket.recv_from(&mut buffer).await.unwrap();
                    buffer[0]
                })
            })
            .collect();
        yield_now().await;
        let sender = UdpSocket::bind(ANY_PORT).await.unwrap();
        for byte in 0..10 {
            sender.send_to(&[byte], socket.local_addr().unwrap()).await.unwrap();
        }
        let mut received = Vec::new();
        for receiver in receivers {
            received.push(receiver.await.unwrap());
        }
        // Which task gets which is not promised.
        received.sort_unstable();
        assert_eq!(received, Vec::from_iter(0..10));
    });
}

#[test]
fn readable_wakes_all_who_wait_and_try_read_serves_the_first() {
    on_each_flavor(async || {
        let (mut client, server) = pair().await;
        let mut empty = [0; 8];
        // An accepted socket is taken for readable until it is tried.
        assert_eq!(server.try_read(&mut empty).unwrap_err().kind(), ErrorKind::WouldBlock);
        let server = Arc::new(server);
        let waiters: Vec<_> = (0..3)
            .map(|_| {
                let server = server.clone();
                spawn(async move { server.readable().await.unwrap() })
            })
            .collect();
        yield_now().await;
        client.write_all(b"hello").await.unwrap();
        for waiter in waiters {
            waiter.await.unwrap();
        }
        assert_eq!(server.try_read(&mut empty).unwrap(), 5);
        assert_eq!(server.try_read(&mut empty).unwrap_err().kind(), ErrorKind::WouldBlock);
        server.writable().await.unwrap();
        assert_eq!(server.try_write(b"hi").unwrap(), 2);
        assert_eq!(client.read(&mut empty).await.unwrap(), 2);
    });
}

#[cfg(unix)] // on Windows a datagram that is larger than the buffer is an error
#[test]
fn connected_datagrams_come_from_the_peer_only_and_are_cut_to_the_buffer() {
    on_each_flavor(async || {
        let a = UdpSocket::bind(ANY_PORT).await.unwrap();
        let b = UdpSocket::bind(ANY_PORT).await.unwrap();
        let stranger = UdpSocket::bind(ANY_PORT).await.unwrap();
        a.connect(b.local_addr().unwrap()).await.unwrap();
        b.connect(a.local_addr().unwrap()).await.unwrap();
        assert_eq!(a.peer_addr().unwrap(), b.local_addr().unwrap());
        stranger.send_to(b"spam", b.local_addr().unwrap()).await.unwrap();
        assert_eq!(a.send(b"hello").await.unwrap(), 5);
        // A second one behind the first: a short read says nothing about it.
        a.send(b"again").await.unwrap();
        let mut buffer = [0; 3];
        assert_eq!(b.recv(&mut buffer).await.unwrap(), 3);
        assert_eq!(&buffer, b"hel");
        b.readable().await.unwrap();
        assert_eq!(b.try_recv(&mut buffer).unwrap(), 3);
        assert_eq!(b.try_recv(&mut buffer).unwrap_err().kind(), ErrorKind::WouldBlock);
    });
}

/// The refusal of an earlier datagram is an event of its own kind, neither "readable" nor final.
#[cfg(target_os = "linux")] // elsewhere the refusal of a datagram may be no error
#[test]
fn a_refused_datagram_is_told_to_the_receiver_and_the_socket_goes_on() {
    on_each_flavor(async || {
        let socket = UdpSocket::bind(ANY_PORT).await.unwrap();
        let peer = UdpSocket::bind(ANY_PORT).await.unwrap();
        let address = peer.local_addr().unwrap();
        // A closed one would do too, but for a child process that still has its descriptor.
        peer.connect(address).await.unwrap();
        socket.connect(address).await.unwrap();
        socket.send(b"anybody?").await.unwrap();
        let error = socket.recv(&mut [0; 8]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);

        peer.connect(socket.local_addr().unwrap()).await.unwrap();
        peer.send(b"I").await.unwrap();
        assert_eq!(socket.recv(&mut [0; 8]).await.unwrap(), 1);
    });
}
