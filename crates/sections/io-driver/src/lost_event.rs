//! Deep dive 7.3 — "Read, then store the waker" sleeps for ever if the event comes between the two.

use mio::net::TcpStream;
use mio::{Events, Interest, Token};
use std::io::{ErrorKind, Read, Result, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

pub fn main() -> Result<()> {
    println!("only stores the waker: {}", race(|_driver, _tick| Ok(Then::Sleep))?);
    println!("also re-arms the source: {}", race(Driver::rearm)?);
    println!("also looks again: {}", race(Driver::look_again)?);
    Ok(())
}

/// What `poll_read` does when the waker is stored.
enum Then {
    Sleep,
    ReadAgain,
}

/// The byte comes at the worst moment: the read has found nothing, the waker is not yet stored.
fn race(stored: impl Fn(&mut Driver, u64) -> Result<Then>) -> Result<String> {
    let (mut driver, mut peer) = Driver::pair()?;
    let task = Arc::new(Task::default());
    let waker = Waker::from(task.clone());
    let mut cx = Context::from_waker(&waker);

    let mut unsent = Some(b"!");
    let first = driver.poll_read(&mut cx, stored, &mut |driver| match unsent.take() {
        Some(byte) => peer.write_all(byte).and_then(|()| driver.turn()),
        None => Ok(()),
    })?;
    if let Poll::Ready(read) = first {
        return Ok(format!("reads {read} byte without sleeping"));
    }
    driver.turn()?;
    let state = if task.woken.load(Ordering::Relaxed) { "is woken" } else { "sleeps" };
    Ok(format!("{state}, {} byte inside", driver.stream.read(&mut [0; 64])?))
}

#[derive(Default)]
struct Task {
    woken: AtomicBool,
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, Ordering::Relaxed);
    }
}

struct Driver {
    selector: mio::Poll,
    stream: TcpStream,
    /// Counts events. Tokio keeps 15 bits of it beside the readiness of each source.
    tick: u64,
    waker: Option<Waker>,
}

impl Driver {
    fn pair() -> Result<(Self, std::net::TcpStream)> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let peer = std::net::TcpStream::connect(listener.local_addr()?)?;
        let (stream, _) = listener.accept()?;
        stream.set_nonblocking(true)?;
        let mut stream = TcpStream::from_std(stream);
        let selector = mio::Poll::new()?;
        selector.registry().register(&mut stream, Token(0), Interest::READABLE)?;
        Ok((Self { selector, stream, tick: 0, waker: None }, peer))
    }

    /// The document's order, with what other threads do between its two steps. `stored` is called
    /// when the waker is stored, with the tick before the read.
    fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        stored: impl Fn(&mut Self, u64) -> Result<Then>,
        meanwhile: &mut dyn FnMut(&mut Self) -> Result<()>,
    ) -> Result<Poll<usize>> {
        loop {
            let tick = self.tick;
            match self.stream.read(&mut [0; 64]) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                result => return result.map(Poll::Ready),
            }
            meanwhile(self)?;
            self.waker = Some(cx.waker().clone());
            if let Then::Sleep = stored(self, tick)? {
                return Ok(Poll::Pending);
            }
        }
    }

    /// A system call for each wait: the kernel reports anew what is ready now.
    fn rearm(&mut self, _tick: u64) -> Result<Then> {
        let readable = Interest::READABLE;
        self.selector.registry().reregister(&mut self.stream, Token(0), readable)?;
        Ok(Then::Sleep)
    }

    /// Tokio's way: no system call. An event since the read has moved the tick.
    fn look_again(&mut self, tick: u64) -> Result<Then> {
        Ok(if self.tick == tick { Then::Sleep } else { Then::ReadAgain })
    }

    /// Waits a little for events, and wakes whoever is stored by then.
    fn turn(&mut self) -> Result<()> {
        let mut events = Events::with_capacity(8);
        match self.selector.poll(&mut events, Some(Duration::from_millis(30))) {
            // A signal; its handler has run. Nothing has come of the sockets.
            Err(error) if error.kind() == ErrorKind::Interrupted => return self.turn(),
            result => result?,
        }
        for _event in &events {
            self.tick += 1;
            if let Some(waker) = self.waker.take() {
                waker.wake();
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store_only(_driver: &mut Driver, _tick: u64) -> Result<Then> {
        Ok(Then::Sleep)
    }

    /// Proves D-7-4.
    #[test]
    fn storing_only_the_waker_loses_the_event_between() {
        assert_eq!(race(store_only).unwrap(), "sleeps, 1 byte inside");
    }

    #[test]
    fn arming_the_source_again_brings_the_event_again() {
        assert_eq!(race(Driver::rearm).unwrap(), "is woken, 1 byte inside");
    }

    #[test]
    fn looking_again_after_storing_needs_no_second_event() {
        assert_eq!(race(Driver::look_again).unwrap(), "reads 1 byte without sleeping");
    }

    /// Why such code passes its tests: only the gap between read and store is deadly.
    #[test]
    fn an_event_before_the_read_or_after_the_store_is_lost_by_none_of_them() {
        for stored in [store_only, Driver::rearm, Driver::look_again] {
            let (mut driver, mut peer) = Driver::pair().unwrap();
            let task = Arc::new(Task::default());
            let waker = Waker::from(task.clone());
            let mut cx = Context::from_waker(&waker);
            let mut poll =
                |driver: &mut Driver| driver.poll_read(&mut cx, stored, &mut |_| Ok(())).unwrap();

            peer.write_all(b"!").unwrap();
            driver.turn().unwrap();
            assert_eq!(poll(&mut driver), Poll::Ready(1));

            assert_eq!(poll(&mut driver), Poll::Pending);
            peer.write_all(b"!").unwrap();
            driver.turn().unwrap();
            assert!(task.woken.load(Ordering::Relaxed));
            assert_eq!(poll(&mut driver), Poll::Ready(1));
        }
    }
}
