//! One socket and many tasks, many runtimes, many slices.

use super::rt::{self, net::TcpListener, net::TcpStream, net::UdpSocket, time};
use super::{LONG, one_thread, paused, workers};
#[allow(unused_imports, reason = "on tiny-runtime there is nothing to import")]
use rt::io::*;
use std::io::{ErrorKind, IoSlice, Write};
use std::sync::Arc;
use std::time::Duration;

async fn within<T>(future: impl Future<Output = T>) -> T {
    time::timeout(LONG, future).await.expect("a lost wake-up")
}

/// A stream with nothing to read, and its peer, who blocks.
async fn silent() -> (Arc<TcpStream>, std::net::TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let peer = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let stream = Arc::new(listener.accept().await.unwrap().0);
    // The first readiness may be false, and it lasts until somebody has tried.
    time::sleep(Duration::from_millis(2)).await;
    assert_eq!(stream.try_read(&mut [0]).unwrap_err().kind(), ErrorKind::WouldBlock);
    (stream, peer)
}

#[test]
fn all_that_wait_for_one_stream_are_woken() {
    for runtime in [one_thread(), workers(2)] {
        rt::block_on(&runtime, async {
            let (stream, mut peer) = silent().await;
            let waiting: Vec<_> = (0..5)
                .map(|_| {
                    let stream = stream.clone();
                    rt::spawn(async move { stream.readable().await.unwrap() })
                })
                .collect();
            time::sleep(Duration::from_millis(5)).await;
            assert!(waiting.iter().all(|task| !task.is_finished()));
            peer.write_all(b"hello").unwrap();
            for task in waiting {
                within(task).await.unwrap();
            }
        });
    }
}

#[test]
fn one_that_is_dropped_takes_no_wake_up_from_another() {
    rt::block_on(&one_thread(), async {
        let (stream, mut peer) = silent().await;
        let spawn_waiting = || {
            let stream = stream.clone();
            rt::spawn(async move { stream.readable().await.unwrap() })
        };
        let (first, second) = (spawn_waiting(), spawn_waiting());
        time::sleep(Duration::from_millis(2)).await;
        let third = spawn_waiting();
        time::sleep(Duration::from_millis(2)).await;
        first.abort();
        third.abort();
        assert!(within(third).await.unwrap_err().is_cancelled());
        peer.write_all(b"hello").unwrap();
        within(second).await.unwrap();
    });
}

#[test]
fn many_tasks_accept_and_receive_on_one_socket() {
    for runtime in [one_thread(), workers(2)] {
        rt::block_on(&runtime, async {
            let listener = Arc::new(TcpListener::bind("127.0.0.1:0").await.unwrap());
            let socket = Arc::new(UdpSocket::bind("127.0.0.1:0").await.unwrap());
            let (tcp, udp) = (listener.local_addr().unwrap(), socket.local_addr().unwrap());
            let tasks: Vec<_> = (0..5)
                .map(|_| {
                    let (listener, socket) = (listener.clone(), socket.clone());
                    rt::spawn(async move {
                        listener.accept().await.unwrap();
                        socket.recv_from(&mut [0; 8]).await.unwrap().0
                    })
                })
                .collect();
            time::sleep(Duration::from_millis(5)).await;
            let mut streams = Vec::new();
            let sender = UdpSocket::bind("127.0.0.1:0").await.unwrap();
            for _ in 0..5 {
                streams.push(within(TcpStream::connect(tcp)).await.unwrap());
                sender.send_to(b"hi", udp).await.unwrap();
            }
            for task in tasks {
                assert_eq!(within(task).await.unwrap(), 2);
            }
        });
    }
}

/// It is served by the runtime in which it was made, wherever it is used.
#[test]
fn a_stream_may_be_used_on_another_runtime() {
    let (made_in, used_in) = (workers(1), one_thread());
    let (mut near, mut far) = made_in.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (accepted, connected) = tokio::join!(listener.accept(), TcpStream::connect(address));
        (accepted.unwrap().0, connected.unwrap())
    });
    let echo = made_in.spawn(async move {
        let mut buffer = [0; 64];
        while let Ok(count @ 1..) = near.read(&mut buffer).await {
            near.write_all(&buffer[..count]).await.unwrap();
        }
    });
    used_in.block_on(async {
        for number in 0..100 {
            far.write_all(&[number]).await.unwrap();
            let mut answer = [0];
            assert_eq!(within(far.read(&mut answer)).await.unwrap(), 1);
            assert_eq!(answer, [number]);
        }
        drop(far);
    });
    used_in.block_on(within(echo)).unwrap();
}

#[test]
fn a_clock_that_stands_does_not_stop_sockets() {
    paused(async {
        let start = time::Instant::now();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let peer = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(20));
            std::net::TcpStream::connect(address).unwrap().write_all(b"late").unwrap();
        });
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut buffer = [0; 8];
        assert_eq!(stream.read(&mut buffer).await.unwrap(), 4);
        assert_eq!(start.elapsed(), Duration::ZERO);
        peer.join().unwrap();
    });
}

/// The kernel takes 1,024 at a time, which does not mean that it has no room for more.
#[test]
fn two_thousand_slices_are_written_by_two_calls() {
    rt::block_on(&one_thread(), async {
        let (stream, _peer) = silent().await;
        let mut stream = Arc::into_inner(stream).unwrap();
        let mut left = &[IoSlice::new(b"!"); 2_000][..];
        for taken in [1_024, 976] {
            let write = tokio::io::AsyncWriteExt::write_vectored(&mut stream, left);
            assert_eq!(within(write).await.unwrap(), taken);
            left = &left[taken..];
        }
    });
}
