//! TCP: clients and servers, half-closed connections, refused ones.

use super::*;

#[test]
fn a_hundred_clients_get_their_own_bytes_back() {
    on_each_flavor(async || {
        let (listener, address) = listen().await;
        spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                spawn(async move {
                    let mut buffer = [0; 64];
                    loop {
                        match stream.read(&mut buffer).await.unwrap() {
                            0 => break,
                            read => stream.write_all(&buffer[..read]).await.unwrap(),
                        }
                    }
                });
            }
        });
        let clients: Vec<_> = (0..100_u8) // fewer than may wait to be accepted
            .map(|client| {
                spawn(async move {
                    let mut stream = TcpStream::connect(address).await.unwrap();
                    stream.set_nodelay(true).unwrap();
                    // Less than the server's buffer, exactly that, and more.
                    for length in [1, 64, 65, 300] {
                        let sent: Vec<u8> = (0..length).map(|i| (i as u8) ^ client).collect();
                        stream.write_all(&sent).await.unwrap();
                        let mut back = vec![0; length];
                        stream.read_exact(&mut back).await.unwrap();
                        assert_eq!(back, sent);
                    }
                })
            })
            .collect();
        for client in clients {
            client.await.unwrap();
        }
    });
}

#[test]
fn a_writer_faster_than_the_reader_waits_and_loses_nothing() {
    const LENGTH: usize = 10 << 20;
    on_each_flavor(async || {
        let (mut client, mut server) = pair().await;
        let writer = spawn(async move {
            let bytes: Vec<u8> = (0..LENGTH).map(|i| (i % 251) as u8).collect();
            client.write_all(&bytes).await.unwrap();
        });
        let all = read_to_end(&mut server).await;
        assert_eq!(all.len(), LENGTH);
        assert!(all.iter().enumerate().all(|(i, &byte)| byte == (i % 251) as u8));
        writer.await.unwrap();
    });
}

#[test]
fn a_half_closed_connection_still_carries_the_answer() {
    on_each_flavor(async || {
        let (mut client, mut server) = pair().await;
        client.write_all(b"question").await.unwrap();
        client.shutdown().await.unwrap();
        assert_eq!(read_to_end(&mut server).await, b"question");
        // The end stays the end.
        assert_eq!(server.read(&mut [0; 8]).await.unwrap(), 0);
        server.write_all(b"answer").await.unwrap();
        drop(server);
        assert_eq!(read_to_end(&mut client).await, b"answer");
        let error = client.read_exact(&mut [0; 1]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
    });
}

#[test]
fn a_refused_connection_is_an_error_of_connect() {
    on_each_flavor(async || {
        // Bound, so that nobody else gets the port, but not listening.
        let closed = tokio::net::TcpSocket::new_v4().unwrap();
        closed.bind(ANY_PORT.parse().unwrap()).unwrap();
        let closed = closed.local_addr().unwrap();
        let error = TcpStream::connect(closed).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);

        // Of several addresses the first that answers.
        let (_listener, address) = listen().await;
        let stream = TcpStream::connect(&[closed, address][..]).await.unwrap();
        assert_eq!(stream.peer_addr().unwrap(), address);
        let error = TcpStream::connect(&[] as &[SocketAddr]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    });
}

#[test]
fn an_accept_given_up_takes_no_connection_with_it() {
    on_each_flavor(async || {
        let (listener, address) = listen().await;
        for polls_again in [false, true] {
            let (counter, waker) = CountingWaker::new();
            let mut cx = Context::from_waker(&waker);
            let mut accept = Box::pin(listener.accept());
            assert!(accept.as_mut().poll(&mut cx).is_pending());
            let client = TcpStream::connect(address).await.unwrap();
            while counter.wakes() == 0 {
                yield_now().await;
            }
            let accepted = match polls_again {
                true => accept.as_mut().poll(&mut cx),
                false => Poll::Pending,
            };
            drop(accept);
            let (_server, peer) = match accepted {
                Poll::Ready(accepted) => accepted.unwrap(),
                Poll::Pending => listener.accept().await.unwrap(),
            };
            assert_eq!(peer, client.local_addr().unwrap());
        }
    });
}

/// It does not wait in line for the first report.
#[test]
fn an_accepted_connection_is_tried_at_once() {
    on_each_flavor(async || {
        let (listener, address) = listen().await;
        let _client = TcpStream::connect(address).await.unwrap();
        let (server, _) = listener.accept().await.unwrap();
        assert!(poll_once(server.readable()).is_ready());
        assert_eq!(server.try_write(b"!").unwrap(), 1);
    });
}

/// 128 operations a tick: 1,000 reads of bytes that are there take 8 ticks.
#[test]
fn a_task_whose_reads_are_all_ready_gives_way_after_128() {
    let runtime = one_thread();
    runtime.block_on(async {
        let (mut client, mut server) = pair().await;
        client.write_all(&[7; 1000]).await.unwrap();
        server.readable().await.unwrap();
        let polls = Polls::new();
        let reads = polls.of(async move {
            for _ in 0..1000 {
                server.read_exact(&mut [0]).await.unwrap();
            }
        });
        spawn(reads).await.unwrap();
        assert_eq!(polls.count(), 8);
    });
}
