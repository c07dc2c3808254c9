//! Deep dive 7.3 — "Read, then store the waker" never wakes if the event comes between the two.

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use std::io::{ErrorKind, Read, Result, Write};
use std::net::TcpListener;
use std::time::Duration;

pub fn main() -> Result<()> {
    println!("only stores the waker: {}", race(Then::Sleep)?);
    println!("also re-arms the source: {}", race(Then::Rearm)?);
    println!("also looks again: {}", race(Then::LookAgain)?);
    Ok(())
}

/// Says what `poll_read` does once the waker is stored.
#[derive(PartialEq)]
enum Then {
    Sleep,
    /// Costs a system call for each wait: the kernel reports anew what is ready now.
    Rearm,
    /// Tokio's way: it compares the driver's count of events with the count before the read.
    LookAgain,
}

/// Lets the byte come at the worst moment: after the read, and before the waker is stored.
fn race(then: Then) -> Result<&'static str> {
    let (mut stream, mut peer) = pair()?;
    let mut driver = Poll::new()?;
    driver.registry().register(&mut stream, Token(0), Interest::READABLE)?;

    let read = stream.read(&mut [0; 64]);
    assert!(read.is_err_and(|error| error.kind() == ErrorKind::WouldBlock));
    peer.write_all(b"!")?;
    // Another thread polls the driver. No waker is stored, so it wakes nobody.
    let events = count_events(&mut driver)?;
    // Now `poll_read` stores the waker.
    match then {
        Then::LookAgain if events > 0 => return Ok("reads again, without sleeping"),
        Then::Rearm => driver.registry().reregister(&mut stream, Token(0), Interest::READABLE)?,
        Then::Sleep | Then::LookAgain => {}
    }
    let woken = count_events(&mut driver)? > 0;
    Ok(if woken { "is woken, 1 byte inside" } else { "sleeps, 1 byte inside" })
}

fn count_events(driver: &mut Poll) -> Result<usize> {
    let mut events = Events::with_capacity(8);
    driver.poll(&mut events, Some(Duration::from_millis(30)))?;
    Ok(events.iter().count())
}

fn pair() -> Result<(TcpStream, std::net::TcpStream)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let peer = std::net::TcpStream::connect(listener.local_addr()?)?;
    let (stream, _) = listener.accept()?;
    stream.set_nonblocking(true)?;
    Ok((TcpStream::from_std(stream), peer))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves D-7-4.
    #[test]
    fn storing_only_the_waker_loses_the_event_between() {
        assert_eq!(race(Then::Sleep).unwrap(), "sleeps, 1 byte inside");
    }

    #[test]
    fn arming_the_source_again_brings_the_event_again() {
        assert_eq!(race(Then::Rearm).unwrap(), "is woken, 1 byte inside");
    }

    #[test]
    fn looking_again_after_storing_needs_no_second_event() {
        assert_eq!(race(Then::LookAgain).unwrap(), "reads again, without sleeping");
    }

    /// Why such code passes its tests: only the gap between read and store is deadly.
    #[test]
    fn an_event_before_the_read_or_after_the_store_is_not_lost() {
        let (mut stream, mut peer) = pair().unwrap();
        let mut driver = Poll::new().unwrap();
        driver.registry().register(&mut stream, Token(0), Interest::READABLE).unwrap();
        peer.write_all(b"!").unwrap();
        assert_eq!(count_events(&mut driver).unwrap(), 1);
        assert_eq!(stream.read(&mut [0; 64]).unwrap(), 1);
        assert_eq!(stream.read(&mut [0; 64]).unwrap_err().kind(), ErrorKind::WouldBlock);
        // The waker is stored here.
        peer.write_all(b"!").unwrap();
        assert_eq!(count_events(&mut driver).unwrap(), 1);
    }
}
