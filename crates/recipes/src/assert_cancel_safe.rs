//! Test that an operation is cancel safe: if dropped at any `await` and started anew, it loses
//! nothing.
//!
//! For tests: `tokio` needs `test-util`. The operation runs once for each `await`, and is dropped
//! there, as `select!` and `timeout` would drop it.
//!
//! ```
//! # use recipes::assert_cancel_safe::{assert_cancel_safe, check_cancel_safety};
//! # use std::time::Duration;
//! # use tokio::{io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex}, time::sleep};
//! /// The world of the operation, made anew for each run: bytes that come in two pieces.
//! fn in_pieces() -> DuplexStream {
//!     let (mut writer, reader) = duplex(64);
//!     tokio::spawn(async move {
//!         for piece in ["abc", "defgh"] {
//!             sleep(Duration::from_millis(1)).await;
//!             let _ = writer.write_all(piece.as_bytes()).await;
//!         }
//!     });
//!     reader
//! }
//!
//! assert_cancel_safe(async |cancel| {
//!     let (mut reader, mut buffer) = (in_pieces(), Vec::new());
//!     cancel.again(async || reader.read_buf(&mut buffer).await).await.ok();
//!     buffer
//! });
//! let loss = check_cancel_safety(async |cancel| {
//!     let (mut reader, mut frame) = (in_pieces(), [0; 4]);
//!     cancel.again(async || reader.read_exact(&mut frame).await).await.ok();
//!     String::from_utf8_lossy(&frame).into_owned()
//! });
//! assert_eq!(loss.unwrap_err().to_string(), r#"dropped after poll 2: "defg", not "abcd""#);
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use std::cell::RefCell;
use std::fmt::Debug;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use thiserror::Error;
use tokio::runtime::Builder;
use tokio::time::{Duration, timeout};

/// Says what a drop changes, or why that cannot be told. The polls of a run are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct NotCancelSafe(String);

/// Panics unless `scenario` returns the same with and without a drop: [`check_cancel_safety`].
#[track_caller]
pub fn assert_cancel_safe<T: Debug + PartialEq>(scenario: impl AsyncFn(&Cancel) -> T) {
    if let Err(loss) = check_cancel_safety(scenario) {
        panic!("not cancel safe: {loss}");
    }
}

/// Runs `scenario` without a drop, then once for each point: before each poll, and after each that
/// leaves it waiting. Returns the number of points.
///
/// The scenario makes its world anew, calls the operation with [`Cancel::again`] and returns all
/// that counts. Each run has its own runtime, of one thread with a paused clock, and may last one
/// day of it.
///
/// # Errors
///
/// The first point at which a drop makes a difference.
///
/// # Panics
///
/// If it is called inside a runtime: call it from a `#[test]`, not from a `#[tokio::test]`. If the
/// scenario panics.
///
/// # Non-guarantees
///
/// It does not see what the scenario does not return, such as the time; a second drop in one run;
/// what an argument loses before the first poll; threads; sockets and files: a paused clock does
/// not wait for them.
pub fn check_cancel_safety<T: Debug + PartialEq>(
    scenario: impl AsyncFn(&Cancel) -> T,
) -> Result<usize, NotCancelSafe> {
    let fail = |why: String| Err(NotCancelSafe(why));
    let (whole, sides) = run(&scenario, usize::MAX);
    let Some(whole) = whole else { return fail("it does not end by itself".into()) };
    if !sides.contains(&"after") {
        return fail("it never waits".into());
    }
    for (point, side) in sides.iter().enumerate() {
        let poll = sides[..=point].iter().filter(|&&side| side == "before").count();
        match run(&scenario, point).0 {
            None => return fail(format!("dropped {side} poll {poll}, it never ends")),
            Some(cut) if cut != whole => {
                return fail(format!("dropped {side} poll {poll}: {cut:?}, not {whole:?}"));
            }
            Some(_) => {}
        }
    }
    Ok(sides.len())
}

/// Returns what the scenario returns, unless it hangs, and the points it has come by.
fn run<T>(scenario: impl AsyncFn(&Cancel) -> T, point: usize) -> (Option<T>, Vec<&'static str>) {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = runtime.expect("it has no threads and opens nothing");
    let cancel = Cancel { point, sides: RefCell::default() };
    // A day of the paused clock is over as soon as nothing else can happen.
    let limited = async { timeout(Duration::from_secs(86_400), scenario(&cancel)).await.ok() };
    (runtime.block_on(limited), cancel.sides.take())
}

/// The one drop of a run.
#[derive(Debug)]
pub struct Cancel {
    point: usize,
    /// The points so far.
    sides: RefCell<Vec<&'static str>>,
}

impl Cancel {
    /// Notes the point. Returns whether the drop falls here.
    fn here(&self, side: &'static str) -> bool {
        self.sides.borrow_mut().push(side);
        self.sides.borrow().len() - 1 == self.point
    }

    /// Runs the operation to its end. If the drop falls into it, drops it and runs it anew.
    pub async fn again<T>(&self, mut operation: impl AsyncFnMut() -> T) -> T {
        loop {
            let mut attempt = pin!(operation());
            let finished = poll_fn(|cx| match self.here("before") {
                true => Poll::Ready(None),
                false => match attempt.as_mut().poll(cx) {
                    Poll::Ready(value) => Poll::Ready(Some(value)),
                    Poll::Pending if self.here("after") => Poll::Ready(None),
                    Poll::Pending => Poll::Pending,
                },
            });
            if let Some(value) = finished.await {
                return value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::panic::catch_unwind;
    use tokio::io::{self, AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
    use tokio::sync::{Barrier, Mutex};
    use tokio::task::yield_now;
    use tokio::time::sleep;

    fn loss(why: &str) -> Result<usize, NotCancelSafe> {
        Err(NotCancelSafe(why.to_string()))
    }

    /// A cancel-safe operation: four bytes, collected in a buffer that outlives a drop.
    async fn read_frame(reader: &mut DuplexStream, buffer: &mut Vec<u8>) -> io::Result<String> {
        while buffer.len() < 4 {
            if reader.read_buf(buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(buffer.drain(..4).map(char::from).collect())
    }

    /// Its world. Bytes that are all there at once would leave no point to drop it at.
    fn in_pieces() -> DuplexStream {
        let (mut writer, reader) = duplex(64);
        tokio::spawn(async move {
            for piece in ["abc", "defgh"] {
                sleep(Duration::from_millis(1)).await;
                // The reader may have enough and be gone.
                let _ = writer.write_all(piece.as_bytes()).await;
            }
        });
        reader
    }

    #[test]
    fn read_exact_is_caught_at_the_first_point_that_loses_something() {
        let caught = check_cancel_safety(async |cancel| {
            let (mut reader, mut frame) = (in_pieces(), [0; 4]);
            cancel.again(async || reader.read_exact(&mut frame).await).await.ok()?;
            Some(frame)
        });
        assert_eq!(
            caught,
            loss(&format!("dropped after poll 2: {:?}, not {:?}", Some(b"defg"), Some(b"abcd")))
        );
    }

    /// Two polls that wait and one that ends: before each of three, and after two.
    #[test]
    fn every_point_before_and_after_a_poll_is_tried() {
        let points = check_cancel_safety(async |cancel| {
            let (mut reader, mut buffer) = (in_pieces(), Vec::new());
            cancel.again(async || read_frame(&mut reader, &mut buffer).await).await.ok()
        });
        assert_eq!(points, Ok(5));
    }

    #[test]
    fn the_drop_happens_once_in_each_run_and_everywhere_once() {
        let starts = Cell::new(0);
        let points = check_cancel_safety(async |cancel| {
            let again = async || {
                starts.set(starts.get() + 1);
                yield_now().await;
                yield_now().await;
            };
            cancel.again(again).await;
        });
        // One without a drop; for each of five points one, and a second where the first had begun.
        assert_eq!(points, Ok(5));
        assert_eq!(starts.get(), 1 + (1 + 4 * 2));
    }

    #[test]
    fn operations_that_never_wait_prove_nothing() {
        let nothing = check_cancel_safety(async |cancel| {
            cancel.again(async || 1).await + cancel.again(async || 2).await
        });
        assert_eq!(nothing, loss("it never waits"));
    }

    /// Of all operations of the run: the first one here is ready at poll 1.
    #[test]
    fn polls_are_counted_through_the_run() {
        let caught = check_cancel_safety(async |cancel| {
            cancel.again(async || ()).await;
            let (mut reader, mut frame) = (in_pieces(), [0; 4]);
            cancel.again(async || reader.read_exact(&mut frame).await).await.ok()?;
            Some(frame)
        });
        assert!(caught.unwrap_err().to_string().starts_with("dropped after poll 3: "));
    }

    #[test]
    fn an_operation_that_cannot_end_is_not_blamed_on_a_drop() {
        let endless = check_cancel_safety(async |cancel| {
            cancel.again(async || std::future::pending::<()>().await).await;
        });
        assert_eq!(endless, loss("it does not end by itself"));
    }

    /// A dropped arrival still counts: the second one opens the barrier, and the other side waits.
    #[test]
    fn a_run_that_hangs_after_a_drop_is_a_failure() {
        let hangs = check_cancel_safety(async |cancel| {
            let barrier = Barrier::new(2);
            let other = async {
                sleep(Duration::from_millis(1)).await;
                barrier.wait().await;
            };
            tokio::join!(cancel.again(async || barrier.wait().await), other);
        });
        assert_eq!(hangs, loss("dropped after poll 1, it never ends"));
    }

    /// As the docs say: `lock` loses its place, which only another one in the queue would notice.
    #[test]
    fn what_the_scenario_does_not_contain_is_not_seen() {
        let points = check_cancel_safety(async |cancel| {
            let mutex = Mutex::new(());
            let held = mutex.lock().await;
            let own = async { drop(cancel.again(async || mutex.lock().await).await) };
            tokio::join!(biased; own, async { drop(held) });
        });
        assert_eq!(points, Ok(3));
    }

    #[test]
    fn the_assertion_panics_with_the_difference() {
        let panic = catch_unwind(|| {
            assert_cancel_safe(async |cancel| {
                let calls = Cell::new(0);
                let count = async || {
                    calls.set(calls.get() + 1);
                    yield_now().await;
                    calls.get()
                };
                cancel.again(count).await
            });
        });
        let message = panic.unwrap_err().downcast::<String>().unwrap();
        assert_eq!(*message, "not cancel safe: dropped after poll 1: 2, not 1");
    }

    #[tokio::test]
    #[should_panic = "Cannot start a runtime from within a runtime"]
    async fn in_a_runtime_it_panics() {
        let _ = check_cancel_safety(async |cancel| cancel.again(yield_now).await);
    }
}
