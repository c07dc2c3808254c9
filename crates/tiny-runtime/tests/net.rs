//! Sockets, seen by who uses them, on both flavors.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tiny_runtime::net::{TcpListener, TcpStream, UdpSocket};
use tiny_runtime::runtime::{Builder, Runtime};
use tiny_runtime::task::{spawn, yield_now};
use tiny_runtime::time::timeout;
use utils::probe::{CountingWaker, Polls, in_child};

/// Only a hang takes so long.
const HANG: Duration = Duration::from_secs(60);

const ANY_PORT: &str = "127.0.0.1:0";

fn on_each_flavor(test: impl AsyncFn()) {
    for runtime in [one_thread(), Builder::new_multi_thread().worker_threads(2).build().unwrap()] {
        runtime.block_on(async { timeout(HANG, test()).await.unwrap() });
    }
}

fn one_thread() -> Runtime {
    Builder::new_current_thread().build().unwrap()
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind(ANY_PORT).await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

async fn pair() -> (TcpStream, TcpStream) {
    let (listener, address) = listen().await;
    let client = TcpStream::connect(address).await.unwrap();
    let (server, peer) = listener.accept().await.unwrap();
    assert_eq!(peer, client.local_addr().unwrap());
    (client, server)
}

async fn read_to_end(stream: &mut TcpStream) -> Vec<u8> {
    let mut all = Vec::new();
    let mut part = [0; 1000];
    loop {
        match stream.read(&mut part).await.unwrap() {
            0 => return all,
            read => all.extend(&part[..read]),
        }
    }
}

fn poll_once<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

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
fn names_are_looked_up_on_the_pool_and_numbers_are_not() {
    let runtime = one_thread();
    runtime.block_on(async {
        let (_listener, address) = listen().await;
        TcpStream::connect(("127.0.0.1", address.port())).await.unwrap();
        assert_eq!(runtime.metrics().num_blocking_threads(), 0);
        TcpStream::connect(("localhost", address.port())).await.unwrap();
        assert_eq!(runtime.metrics().num_blocking_threads(), 1);
        let error = TcpStream::connect("no port").await.unwrap_err();
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

/// 128 operations a turn: 1,000 reads of what is there already are 8 turns.
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

#[test]
fn what_waits_when_the_runtime_ends_is_woken_and_told() {
    let runtime = Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let (mut client, mut server) = runtime.block_on(pair());
    let (counter, waker) = CountingWaker::new();
    let mut cx = Context::from_waker(&waker);
    let mut buffer = [0; 8];
    let mut read = pin!(server.read(&mut buffer));
    assert!(read.as_mut().poll(&mut cx).is_pending());
    drop(runtime);
    assert_eq!(counter.wakes(), 1);
    assert!(matches!(read.as_mut().poll(&mut cx), Poll::Ready(Err(_))));
    assert!(matches!(poll_once(client.write(b"!")), Poll::Ready(Err(_))));
}

#[test]
fn a_socket_outside_of_a_runtime_is_refused_with_the_remedy() {
    let ended = in_child(HANG, || {
        let _ = poll_once(TcpListener::bind(ANY_PORT));
    });
    assert!(!ended.status.success());
    assert!(ended.stderr.contains("Runtime::enter"), "{ended:#?}");
}

#[test]
fn sockets_of_std_are_taken_over() {
    on_each_flavor(async || {
        let listener = std::net::TcpListener::bind(ANY_PORT).unwrap();
        listener.set_nonblocking(true).unwrap();
        let listener = TcpListener::from_std(listener).unwrap();
        let client = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        client.set_nonblocking(true).unwrap();
        let mut client = TcpStream::from_std(client).unwrap();
        let (mut server, _) = listener.accept().await.unwrap();
        client.write_all(b"!").await.unwrap();
        server.read_exact(&mut [0]).await.unwrap();
    });
}

/// At the limit `accept` says so, each time, and the connection waits in the kernel meanwhile.
#[cfg(unix)] // takes the descriptors away with `ulimit`
#[test]
fn without_descriptors_accept_is_an_error_and_works_again_after() {
    use std::io::{Read, Write};
    const EMFILE: i32 = 24;
    const HERE: &str = "without_descriptors_accept_is_an_error_and_works_again_after";
    if std::env::var_os(HERE).is_none() {
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", "ulimit -n 64 && exec \"$0\" --exact \"$1\""]);
        shell.arg(std::env::current_exe().unwrap()).arg(HERE).env(HERE, "1");
        let ended = utils::probe::Child::start(&mut shell).end_within(HANG);
        assert!(ended.status.success() && ended.stdout.contains("1 passed"), "{ended:#?}");
        return;
    }
    one_thread().block_on(async {
        let (listener, address) = listen().await;
        let mut client = std::net::TcpStream::connect(address).unwrap();
        client.write_all(b"hello").unwrap();
        let mut hoard = Vec::new();
        while let Ok(file) = std::fs::File::open("/dev/null") {
            hoard.push(file);
        }
        for _ in 0..3 {
            let error = listener.accept().await.unwrap_err();
            assert_eq!(error.raw_os_error(), Some(EMFILE));
        }
        TcpStream::connect(address).await.unwrap_err();
        UdpSocket::bind(ANY_PORT).await.unwrap_err();
        assert!(Builder::new_current_thread().build().is_err());

        drop(hoard);
        let (mut server, _) = listener.accept().await.unwrap();
        server.read_exact(&mut [0; 5]).await.unwrap();
        server.write_all(b"hi").await.unwrap();
        client.read_exact(&mut [0; 2]).unwrap();
    });
}

#[cfg(feature = "tokio-io")]
#[test]
fn tokio_s_extensions_work_on_our_streams() {
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, copy_bidirectional};
    on_each_flavor(async || {
        let (mut client, mut inner) = pair().await;
        let (mut outer, server) = pair().await;
        let proxy = spawn(async move { copy_bidirectional(&mut inner, &mut outer).await.unwrap() });
        AsyncWriteExt::write_all(&mut client, b"one\ntwo\n").await.unwrap();
        AsyncWriteExt::shutdown(&mut client).await.unwrap();
        let mut lines = BufReader::new(server).lines();
        assert_eq!(lines.next_line().await.unwrap().unwrap(), "one");
        assert_eq!(lines.next_line().await.unwrap().unwrap(), "two");
        assert_eq!(lines.next_line().await.unwrap(), None);
        drop(lines);
        assert_eq!(proxy.await.unwrap(), (8, 0));
    });
}

#[cfg(feature = "futures-io")]
#[cfg(unix)] // Windows knows no limit of 1,024 slices
#[test]
fn two_thousand_slices_are_written_by_two_calls_of_futures_too() {
    on_each_flavor(async || {
        let (mut client, _server) = pair().await;
        let mut left = &[std::io::IoSlice::new(b"!"); 2_000][..];
        for taken in [1_024, 976] {
            let write = futures::io::AsyncWriteExt::write_vectored(&mut client, left);
            assert_eq!(write.await.unwrap(), taken);
            left = &left[taken..];
        }
    });
}

#[cfg(feature = "futures-io")]
#[test]
fn the_extensions_of_futures_work_on_our_streams() {
    use futures::io::{AsyncReadExt, AsyncWriteExt};
    on_each_flavor(async || {
        let (client, server) = pair().await;
        let (mut reader, mut writer) = AsyncReadExt::split(client);
        let echo = spawn(async move {
            let (reader, mut writer) = AsyncReadExt::split(server);
            futures::io::copy(reader, &mut writer).await.unwrap();
            writer.close().await.unwrap();
        });
        writer.write_all(b"hello").await.unwrap();
        writer.close().await.unwrap();
        let mut text = String::new();
        reader.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "hello");
        echo.await.unwrap();
    });
}
