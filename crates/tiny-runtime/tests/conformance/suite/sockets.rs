//! TCP and UDP: nothing is lost, nobody spins, and who waits is woken.

use super::rt::{self, net::TcpListener, net::TcpStream, net::UdpSocket, time};
use super::{LONG, one_thread, workers};
#[allow(unused_imports, reason = "on tiny-runtime there is nothing to import")]
use rt::io::*;
use std::cell::Cell;
use std::future::poll_fn;
use std::io::{ErrorKind, Read, Write};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;
use utils::probe::Polls;

async fn pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (accepted, connected) = tokio::join!(listener.accept(), TcpStream::connect(address));
    let (accepted, peer) = accepted.unwrap();
    let connected = connected.unwrap();
    assert_eq!(peer, connected.local_addr().unwrap());
    (accepted, connected)
}

#[test]
fn what_is_written_is_read_and_then_the_end() {
    for runtime in [one_thread(), workers(2)] {
        rt::block_on(&runtime, async {
            let (mut near, mut far) = pair().await;
            let writer = rt::spawn(async move {
                let bytes: Vec<u8> = (0..3_000_000_u32).map(|n| n as u8).collect();
                // More than the kernel takes at once: the writer has to wait for the reader.
                far.write_all(&bytes).await.unwrap();
            });
            let (mut read, mut buffer) = (0_u32, vec![0; 10_000]);
            loop {
                let count = near.read(&mut buffer).await.unwrap();
                if count == 0 {
                    break;
                }
                for &byte in &buffer[..count] {
                    assert_eq!(byte, read as u8);
                    read += 1;
                }
            }
            assert_eq!(read, 3_000_000);
            writer.await.unwrap();
        });
    }
}

/// One poll to find nothing, one when the byte is there: no spinning, no wake too many.
#[test]
fn a_read_that_waits_is_polled_twice() {
    rt::block_on(&one_thread(), async {
        let (mut near, mut far) = pair().await;
        let polls = Polls::new();
        let reader = rt::spawn(polls.of(async move {
            let mut buffer = [0; 8];
            near.read(&mut buffer).await.unwrap()
        }));
        time::sleep(Duration::from_millis(5)).await;
        assert_eq!(polls.count(), 1);
        far.write_all(b"ping").await.unwrap();
        assert_eq!(reader.await.unwrap(), 4);
        assert_eq!(polls.count(), 2);
    });
}

#[test]
fn many_connections_at_once_echo_what_they_get() {
    for runtime in [one_thread(), workers(2)] {
        let echoed = rt::block_on(&runtime, async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let server = rt::spawn(async move {
                loop {
                    let (mut stream, _) = listener.accept().await.unwrap();
                    rt::spawn(async move {
                        let mut buffer = [0; 64];
                        while let Ok(count @ 1..) = stream.read(&mut buffer).await {
                            stream.write_all(&buffer[..count]).await.unwrap();
                        }
                    });
                }
            });
            let clients: Vec<_> = (0..100_u8)
                .map(|number| {
                    rt::spawn(async move {
                        let mut stream = TcpStream::connect(address).await.unwrap();
                        for round in 0..20 {
                            stream.write_all(&[number ^ round]).await.unwrap();
                            let mut answer = [0];
                            assert_eq!(stream.read(&mut answer).await.unwrap(), 1);
                            assert_eq!(answer, [number ^ round]);
                        }
                        20
                    })
                })
                .collect();
            let mut echoed = 0;
            for client in clients {
                echoed += time::timeout(LONG, client).await.expect("a lost wake-up").unwrap();
            }
            server.abort();
            echoed
        });
        assert_eq!(echoed, 2_000);
    }
}

/// The reader of one half and the writer of another are woken apart from each other.
#[test]
fn both_directions_of_a_stream_wait_at_once() {
    rt::block_on(&one_thread(), async {
        let (near, mut far) = pair().await;
        let near = std::sync::Arc::new(near);
        let full = near.clone();
        let writer = rt::spawn(async move {
            let mut written = 0_usize;
            while written < 4_000_000 {
                full.writable().await.unwrap();
                match full.try_write(&[7; 10_000][..10_000.min(4_000_000 - written)]) {
                    Ok(count) => written += count,
                    Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
                }
            }
            written
        });
        let waits = near.clone();
        let reader = rt::spawn(async move {
            let mut buffer = [0; 8];
            loop {
                waits.readable().await.unwrap();
                match waits.try_read(&mut buffer) {
                    Ok(count) => return count,
                    Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
                }
            }
        });
        far.write_all(b"hello").await.unwrap();
        assert_eq!(reader.await.unwrap(), 5);
        let (mut read, mut buffer) = (0, vec![0; 65_536]);
        while read < 4_000_000 {
            read += far.read(&mut buffer).await.unwrap();
        }
        assert_eq!(writer.await.unwrap(), read);
    });
}

#[test]
fn ready_reads_give_way_after_128() {
    rt::block_on(&one_thread(), async {
        let (mut near, mut far) = pair().await;
        far.write_all(&[7; 1_000]).await.unwrap();
        near.readable().await.unwrap();
        rt::task::yield_now().await;
        let count = Cell::new(0);
        let mut reads = pin!(async {
            loop {
                assert_eq!(near.read(&mut [0]).await.unwrap(), 1);
                count.set(count.get() + 1);
                assert!(count.get() < 1_000, "it never gives way");
            }
        });
        let gives_way = poll_fn(|cx| Poll::Ready(reads.as_mut().poll(cx).is_pending()));
        assert!(gives_way.await);
        assert_eq!(count.get(), 128);
    });
}

#[test]
fn a_read_that_is_dropped_loses_nothing() {
    rt::block_on(&one_thread(), async {
        let (mut near, mut far) = pair().await;
        for round in 0..20_u8 {
            let mut buffer = [0; 4];
            let none = time::timeout(Duration::from_millis(1), near.read(&mut buffer)).await;
            assert!(none.is_err());
            far.write_all(&[round]).await.unwrap();
            assert_eq!(near.read(&mut buffer).await.unwrap(), 1);
            assert_eq!(buffer[0], round);
        }
    });
}

#[test]
fn a_connection_that_is_refused_is_an_error() {
    rt::block_on(&one_thread(), async {
        let address = {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            listener.local_addr().unwrap()
        };
        let error = TcpStream::connect(address).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    });
}

/// The other end is not of this runtime, and blocks.
#[test]
fn a_foreign_peer_wakes_a_sleeping_runtime() {
    for runtime in [one_thread(), workers(1)] {
        rt::block_on(&runtime, async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let peer = std::thread::spawn(move || {
                let mut stream = std::net::TcpStream::connect(address).unwrap();
                for number in 0..50 {
                    stream.write_all(&[number]).unwrap();
                    let mut answer = [0];
                    stream.read_exact(&mut answer).unwrap();
                    assert_eq!(answer, [number + 1]);
                }
            });
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut buffer = [0];
            while stream.read(&mut buffer).await.unwrap() == 1 {
                stream.write_all(&[buffer[0] + 1]).await.unwrap();
            }
            peer.join().unwrap();
        });
    }
}

#[test]
fn datagrams_keep_their_bounds_and_senders() {
    rt::block_on(&one_thread(), async {
        let here = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let there = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let (to, from) = (here.local_addr().unwrap(), there.local_addr().unwrap());
        let receiver = rt::spawn(async move {
            let mut seen = Vec::new();
            let mut buffer = [0; 64];
            while seen.len() < 3 {
                let (count, sender) = here.recv_from(&mut buffer).await.unwrap();
                assert_eq!(sender, from);
                seen.push(buffer[..count].to_vec());
            }
            seen
        });
        for datagram in [&b"one"[..], b"", b"three"] {
            assert_eq!(there.send_to(datagram, to).await.unwrap(), datagram.len());
        }
        let seen = time::timeout(LONG, receiver).await.unwrap().unwrap();
        assert_eq!(seen, [&b"one"[..], b"", b"three"]);
    });
}
