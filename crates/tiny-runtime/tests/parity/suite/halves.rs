//! The halves of a connection, its options, and what can be seen of it without taking it.

use super::on_each_flavor;
use super::rt::{self, Interest, Ready, net::TcpListener, net::TcpStream, spawn};
#[allow(unused_imports, reason = "there is nothing there for tiny-runtime")]
use rt::io::*;
use std::io::{ErrorKind, IoSlice, IoSliceMut};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

const ANY_PORT: &str = "127.0.0.1:0";

async fn pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind(ANY_PORT).await.unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (server, _) = listener.accept().await.unwrap();
    (client, server)
}

fn poll_once<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn two_tasks_read_and_write_one_connection() {
    on_each_flavor(async || {
        let (client, mut server) = pair().await;
        let (mut reader, mut writer) = client.into_split();
        let writes = spawn(async move {
            writer.write_all(b"ping").await.unwrap();
            writer
        });
        let mut four = [0; 4];
        server.read_exact(&mut four).await.unwrap();
        server.write_all(b"pong").await.unwrap();
        assert_eq!(reader.peek(&mut four).await.unwrap(), 4);
        reader.read_exact(&mut four).await.unwrap();
        assert_eq!(&four, b"pong");
        let writer = writes.await.unwrap();
        assert_eq!(reader.peer_addr().unwrap(), server.local_addr().unwrap());
        assert_eq!(writer.local_addr().unwrap(), server.peer_addr().unwrap());
        assert_eq!(writer.as_ref().peer_addr().unwrap(), reader.as_ref().peer_addr().unwrap());
    });
}

#[test]
fn a_writer_that_is_dropped_says_that_no_more_will_come_and_one_that_is_forgotten_does_not() {
    on_each_flavor(async || {
        let (client, mut server) = pair().await;
        let (mut reader, writer) = client.into_split();
        drop(writer);
        assert_eq!(server.read(&mut [0; 8]).await.unwrap(), 0);
        server.write_all(b"!").await.unwrap();
        assert_eq!(reader.read(&mut [0; 8]).await.unwrap(), 1);

        let (client, mut server) = pair().await;
        let (reader, writer) = client.into_split();
        writer.forget();
        assert!(poll_once(server.read(&mut [0; 8])).is_pending());
        drop(reader);
        assert_eq!(server.read(&mut [0; 8]).await.unwrap(), 0);
    });
}

#[test]
fn halves_of_one_connection_become_it_again_and_those_of_two_do_not() {
    on_each_flavor(async || {
        let (client, mut server) = pair().await;
        let (reader, writer) = client.into_split();
        let (other_reader, other_writer) = pair().await.0.into_split();
        let error = reader.reunite(other_writer).unwrap_err();
        assert_eq!(error.to_string(), "tried to reunite halves that are not from the same socket");
        let (reader, other_writer) = (error.0, error.1);
        drop(other_reader.reunite(other_writer).unwrap());
        let mut client = writer.reunite(reader).unwrap();
        client.write_all(b"!").await.unwrap();
        assert_eq!(server.read(&mut [0; 8]).await.unwrap(), 1);
    });
}

#[test]
fn borrowed_halves_work_at_once_and_close_nothing() {
    on_each_flavor(async || {
        let (mut client, mut server) = pair().await;
        let (mut reader, mut writer) = client.split();
        let mut byte = [0];
        let reads = reader.read_exact(&mut byte);
        let echoes = async {
            let mut byte = [0];
            server.read_exact(&mut byte).await.unwrap();
            server.write_all(&byte).await.unwrap();
        };
        let (read, written, ()) = tokio::join!(reads, writer.write_all(b"!"), echoes);
        read.unwrap();
        written.unwrap();
        assert_eq!(&byte, b"!");
        assert_eq!(reader.try_read(&mut byte).unwrap_err().kind(), ErrorKind::WouldBlock);
        client.write_all(b"?").await.unwrap();
        server.read_exact(&mut byte).await.unwrap();
        let (_, mut writer) = client.split();
        writer.shutdown().await.unwrap();
        assert_eq!(server.read(&mut byte).await.unwrap(), 0);
    });
}

/// After a part the kernel may well have more room, or more bytes: only `WouldBlock` tells.
#[test]
fn a_part_that_was_tried_leaves_the_connection_ready() {
    on_each_flavor(async || {
        let (mut client, mut server) = pair().await;
        client.writable().await.unwrap();
        let whole = [0; 4_000];
        let part = loop {
            match client.try_write(&whole) {
                Ok(4_000) => {}
                other => break other,
            }
        };
        // A kernel that takes all or nothing shows nothing.
        if let Ok(part) = part {
            assert!(part < 4_000);
            assert!(poll_once(client.writable()).is_ready());
        }
        while client.try_write_vectored(&[IoSlice::new(&whole); 2]).is_ok() {}
        assert!(poll_once(client.writable()).is_pending());

        server.write_all(b"ab").await.unwrap();
        client.readable().await.unwrap();
        let (mut one, mut two) = ([0; 8], [0; 8]);
        let mut buffers = [IoSliceMut::new(&mut one), IoSliceMut::new(&mut two)];
        assert_eq!(client.try_read_vectored(&mut buffers).unwrap(), 2);
        assert!(poll_once(client.readable()).is_ready());
        assert_eq!(client.try_read(&mut one).unwrap_err().kind(), ErrorKind::WouldBlock);
        assert!(poll_once(client.readable()).is_pending());
        // A read that waits may ask the kernel less often: its next one finds out.
        server.write_all(b"c").await.unwrap();
        assert_eq!(client.read(&mut one).await.unwrap(), 1);
    });
}

#[test]
fn ready_tells_which_of_the_two_it_is() {
    let either = Interest::READABLE | Interest::WRITABLE;
    assert_eq!(either, Interest::READABLE.add(Interest::WRITABLE));
    assert!(either.is_readable() && either.is_writable());
    assert!(Interest::READABLE.is_readable() && !Interest::READABLE.is_writable());
    assert!(Ready::EMPTY.is_empty() && (Ready::READABLE | Ready::WRITABLE).is_writable());
    on_each_flavor(async || {
        let (client, mut server) = pair().await;
        let ready = client.ready(either).await.unwrap();
        assert!(ready.is_writable() && !ready.is_readable(), "{ready:?}");
        assert!(poll_once(client.ready(Interest::READABLE)).is_pending());
        server.write_all(b"!").await.unwrap();
        let ready = client.ready(Interest::READABLE).await.unwrap();
        assert!(ready.is_readable() && !ready.is_read_closed(), "{ready:?}");
        assert!(!ready.is_writable(), "that was not asked for: {ready:?}");
        let ready = client.ready(either).await.unwrap();
        assert!(ready.is_readable() && ready.is_writable(), "{ready:?}");
        drop(server);
        let (reader, _writer) = client.into_split();
        let ready = loop {
            let ready = reader.ready(Interest::READABLE).await.unwrap();
            if ready.is_read_closed() {
                break ready;
            }
            super::rt::task::yield_now().await;
        };
        assert!(ready.is_readable(), "a read finds the end");
    });
}

#[test]
fn peek_leaves_the_bytes_where_they_are() {
    on_each_flavor(async || {
        let (mut client, mut server) = pair().await;
        assert!(poll_once(client.peek(&mut [0; 4])).is_pending());
        server.write_all(b"ping").await.unwrap();
        let mut bytes = [0; 2];
        assert_eq!(client.peek(&mut bytes).await.unwrap(), 2);
        assert_eq!(&bytes, b"pi");
        let peeked = std::future::poll_fn(|cx| rt::poll_peek(&client, cx, &mut bytes)).await;
        assert_eq!((peeked.unwrap(), &bytes), (2, b"pi"));
        let mut four = [0; 4];
        client.read_exact(&mut four).await.unwrap();
        assert_eq!(&four, b"ping");
        drop(server);
        assert_eq!(client.peek(&mut bytes).await.unwrap(), 0);
    });
}

#[test]
#[allow(deprecated, reason = "`set_linger` is, on both, since it can block a worker")]
fn options_are_those_of_the_kernel() {
    on_each_flavor(async || {
        let (client, _server) = pair().await;
        assert!(!client.nodelay().unwrap());
        client.set_nodelay(true).unwrap();
        assert!(client.nodelay().unwrap());
        assert_eq!(client.linger().unwrap(), None);
        client.set_linger(Some(Duration::from_secs(1))).unwrap();
        assert_eq!(client.linger().unwrap(), Some(Duration::from_secs(1)));
        client.set_linger(None).unwrap();
        assert_eq!(client.linger().unwrap(), None);
        client.set_ttl(7).unwrap();
        assert_eq!(client.ttl().unwrap(), 7);
        assert!(client.take_error().unwrap().is_none());
    });
}

#[test]
fn without_linger_a_close_resets_the_connection() {
    on_each_flavor(async || {
        let (mut client, server) = pair().await;
        server.set_zero_linger().unwrap();
        assert_eq!(server.linger().unwrap(), Some(Duration::ZERO));
        drop(server);
        let error = client.read(&mut [0; 8]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    });
}

#[cfg(unix)] // elsewhere there are no descriptors
#[test]
fn descriptors_are_lent() {
    use std::os::fd::{AsFd, AsRawFd};
    super::one_thread().block_on(async {
        let listener = TcpListener::bind(ANY_PORT).await.unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let socket = rt::net::UdpSocket::bind(ANY_PORT).await.unwrap();
        assert_eq!(listener.as_fd().as_raw_fd(), listener.as_raw_fd());
        assert_eq!(socket.as_fd().as_raw_fd(), socket.as_raw_fd());
        // Another name of the same socket.
        let same = std::net::TcpStream::from(stream.as_fd().try_clone_to_owned().unwrap());
        assert_ne!(same.as_raw_fd(), stream.as_raw_fd());
        assert_eq!(same.peer_addr().unwrap(), stream.peer_addr().unwrap());
    });
}
