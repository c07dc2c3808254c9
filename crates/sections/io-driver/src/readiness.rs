//! Deep dive 7.3 — An event says "there is more than before", once: unread bytes cause no second one.

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use std::io::{ErrorKind, Read, Result, Write};
use std::time::Duration;

pub fn main() -> Result<()> {
    receive("one read for each event", one_read)?;
    receive("read until WouldBlock", until_would_block)?;
    Ok(())
}

/// The peer sends 8 bytes, and one more when no event has come for 30 ms.
fn receive(how: &str, on_event: fn(&mut TcpStream) -> Result<usize>) -> Result<Vec<[usize; 4]>> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    let mut peer = std::net::TcpStream::connect(listener.local_addr()?)?;
    let (stream, _) = listener.accept()?;
    stream.set_nonblocking(true)?;
    let mut stream = TcpStream::from_std(stream);
    let (mut poll, mut events) = (Poll::new()?, Events::with_capacity(8));
    poll.registry().register(&mut stream, Token(0), Interest::READABLE)?;

    println!("{how}:");
    let mut counts = Vec::new();
    for message in ["hi hello", "!"] {
        peer.write_all(message.as_bytes())?;
        let (mut count, mut read) = (0, 0);
        loop {
            poll.poll(&mut events, Some(Duration::from_millis(30)))?;
            if events.is_empty() {
                break;
            }
            count += 1;
            read += on_event(&mut stream)?;
        }
        let left = stream.peek(&mut [0; 64]).unwrap_or(0);
        println!("  sent {}: events {count}, read {read}, left {left}", message.len());
        counts.push([message.len(), count, read, left]);
    }
    Ok(counts)
}

/// Wrong: what does not fit into the buffer waits for the next message.
fn one_read(stream: &mut TcpStream) -> Result<usize> {
    stream.read(&mut [0; 2])
}

/// Right: `WouldBlock` proves that the next byte will be an event. A full buffer proves nothing.
fn until_would_block(stream: &mut TcpStream) -> Result<usize> {
    let mut total = 0;
    loop {
        match stream.read(&mut [0; 2]) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(total),
            Ok(0) => return Ok(total),
            read => total += read?,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;
    use tokio::runtime::{Builder, Runtime};

    #[test]
    fn what_one_read_leaves_is_no_event_and_waits_for_the_next_message() {
        // mio asks Windows for the next event at `WouldBlock` only, and there was none.
        let next = if cfg!(windows) { [1, 0, 0, 7] } else { [1, 1, 2, 5] };
        assert_eq!(receive("", one_read).unwrap(), [[8, 1, 2, 6], next]);
    }

    #[test]
    fn reading_until_would_block_leaves_nothing() {
        assert_eq!(receive("", until_would_block).unwrap(), [[8, 1, 8, 0], [1, 1, 1, 0]]);
    }

    /// A socket of Tokio whose readiness has been noted for 5 bytes, and its peer.
    fn five_bytes() -> (Runtime, tokio::net::TcpStream, std::net::TcpStream) {
        let runtime = Builder::new_current_thread().enable_io().build().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut peer = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let stream = listener.accept().unwrap().0;
        stream.set_nonblocking(true).unwrap();
        let context = runtime.enter();
        let stream = tokio::net::TcpStream::from_std(stream).unwrap();
        drop(context);
        peer.write_all(b"hello").unwrap();
        runtime.block_on(stream.readable()).unwrap();
        (runtime, stream, peer)
    }

    /// Outside the runtime, so that no turn of the driver brings an event. `None` if it is pending.
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    fn poll_read(stream: &mut tokio::net::TcpStream, size: usize) -> Option<usize> {
        use std::task::{Context, Poll, Waker};
        use tokio::io::{AsyncRead, ReadBuf};
        let mut bytes = vec![0; size];
        let mut buf = ReadBuf::new(&mut bytes);
        let mut cx = Context::from_waker(Waker::noop());
        match std::pin::Pin::new(stream).poll_read(&mut cx, &mut buf) {
            Poll::Ready(result) => Some(result.map(|()| buf.filled().len()).unwrap()),
            Poll::Pending => None,
        }
    }

    /// The byte is there all the time: whether `poll_read` looks depends on the readiness it kept.
    /// Proves D-7-4.
    #[cfg(any(target_os = "linux", target_os = "macos"))] // of epoll and kqueue
    #[test]
    fn a_short_read_of_tokio_clears_readiness_and_a_full_one_does_not() {
        let (_runtime, mut stream, mut peer) = five_bytes();
        assert_eq!(poll_read(&mut stream, 5), Some(5));
        peer.write_all(b"!").unwrap();
        assert_eq!(poll_read(&mut stream, 64), Some(1));

        let (runtime, mut stream, mut peer) = five_bytes();
        assert_eq!(poll_read(&mut stream, 64), Some(5));
        peer.write_all(b"!").unwrap();
        assert_eq!(poll_read(&mut stream, 64), None);
        runtime.block_on(stream.readable()).unwrap();
        assert_eq!(poll_read(&mut stream, 64), Some(1));
    }

    #[test]
    fn try_read_of_tokio_clears_readiness_at_would_block_only() {
        let (_runtime, stream, mut peer) = five_bytes();
        assert_eq!(stream.try_read(&mut [0; 64]).unwrap(), 5);
        peer.write_all(b"!").unwrap();
        assert_eq!(stream.try_read(&mut [0; 64]).unwrap(), 1);
        assert_eq!(stream.try_read(&mut [0; 64]).unwrap_err().kind(), ErrorKind::WouldBlock);
        peer.write_all(b"?").unwrap();
        assert_eq!(stream.try_read(&mut [0; 64]).unwrap_err().kind(), ErrorKind::WouldBlock);
    }
}
