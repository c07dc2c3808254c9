//! Make a test that hangs fail at once, and say where it waits.
//!
//! On a paused clock, a test that waits for what never comes stays there until somebody kills it, and
//! says nothing. [`no_hang`] sees that the runtime is idle: the clock then jumps to its limit. It
//! polls the test once more and prints the `.await` of each Tokio future on which it stands.
//!
//! Only a paused clock can show that, so wait for no other thread, process or socket in the test: it
//! would look like a hang. The last poll is on another thread, so the test must be `Send`: it takes
//! `Arc` and `Mutex` instead of `Rc` and `RefCell`. The places come from a backtrace: a build without
//! debug information has the names of functions only. A lock, a semaphore, a `Notify` and futures of
//! other crates show theirs only inside `tokio::task::coop::cooperative(…)`, and of a spawned task you
//! see who waits for it.
//!
//! ```
//! # use recipes::no_hang::{find_hang, no_hang};
//! use std::time::Duration;
//! use tokio::sync::mpsc;
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! no_hang(tokio::time::sleep(Duration::from_secs(60))).await;
//!
//! let hang = find_hang(Duration::from_secs(3600), async {
//!     let (_forgotten, mut items) = mpsc::channel::<()>(1);
//!     while let Some(()) = items.recv().await {}
//! });
//! let said = hang.await.unwrap_err().to_string();
//! assert!(said.starts_with("it hangs: after 3600s of paused time it still waits at\n"), "{said}");
//! # }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::{backtrace::Backtrace, time::Duration};
use tokio::runtime::Handle;
use tokio::task::coop::{consume_budget, has_budget_remaining};
use tokio::time::{Instant, timeout};

/// A test that has not ended, and never will.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it hangs: after {limit:?} of paused time it still waits at\n{}\nand {tasks} spawned tasks have not ended", waits.join("\n"))]
pub struct Hang {
    /// The limit that it has hit.
    pub limit: Duration,
    /// Where it waits: a line each, which names the `.await` and those that led to it.
    pub waits: Vec<String>,
    /// How many tasks of this runtime have not ended.
    pub tasks: usize,
}

/// Runs a test and panics if it hangs, as if after an hour: at once, on a paused clock.
///
/// If something ticks without end, the hour is lived, tick by tick. The test must be `Send`: use
/// `Arc` and `Mutex` in it instead of `Rc` and `RefCell`.
///
/// # Cancel safety
///
/// Dropped, it drops the test.
///
/// # Panics
///
/// With the text of [`Hang`] if the test hangs, with the test's own panic, and if the clock is not
/// paused: `#[tokio::test(start_paused = true)]`.
pub async fn no_hang<F>(test: F) -> F::Output
where
    F: Future<Output: Send> + Send,
{
    find_hang(Duration::from_secs(3600), test).await.unwrap_or_else(|hang| panic!("{hang}"))
}

/// Runs a test that is `Send` for at most `limit` of paused time: more than anything in it sleeps.
///
/// # Errors
///
/// [`Hang`] if it has not ended by then.
///
/// # Cancel safety
///
/// Dropped, it drops the test.
///
/// # Panics
///
/// If the test panics, or the clock is not paused.
pub async fn find_hang<F>(limit: Duration, test: F) -> Result<F::Output, Hang>
where
    F: Future<Output: Send> + Send,
{
    let (paused, real) = (Instant::now(), std::time::Instant::now());
    while real.elapsed() < Duration::from_micros(1) {}
    assert!(paused.elapsed().is_zero(), "the clock is not paused: nothing can be said of a hang");
    let mut test = pin!(test);
    if let Ok(output) = timeout(limit, test.as_mut()).await {
        return Ok(output);
    }
    let tasks = Handle::current().metrics().num_alive_tasks();
    Err(Hang { limit, waits: where_it_waits(test), tasks })
}

/// Polls once more, from a thread that is no worker, with the budget of the task used up: a Tokio
/// future then wakes its task at once, from the place where it stands.
fn where_it_waits<F: Future<Output: Send> + Send>(mut test: Pin<&mut F>) -> Vec<String> {
    let places = Arc::new(Places::default());
    let (waker, runtime) = (Waker::from(Arc::clone(&places)), Handle::current());
    let repoll = poll_fn(|_| {
        while has_budget_remaining() {
            let _ = pin!(consume_budget()).poll(&mut Context::from_waker(Waker::noop()));
        }
        let _ = test.as_mut().poll(&mut Context::from_waker(&waker));
        Poll::Ready(())
    });
    // If it panics now, there are no places, and it hangs all the same.
    let _ = std::thread::scope(|scope| scope.spawn(|| runtime.block_on(repoll)).join());
    let waits = places.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if waits.is_empty() { vec!["  (an .await that shows no place)".to_string()] } else { waits }
}

#[derive(Default)]
struct Places(Mutex<Vec<String>>);

impl Wake for Places {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let place = own_frames(&Backtrace::force_capture().to_string());
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(place);
    }
}

/// Keeps what lies between the wake and the poll and is neither std's nor a dependency's: the places,
/// or without debug information the names.
fn own_frames(backtrace: &str) -> String {
    let woken = backtrace.rfind("wake_by_ref").unwrap_or(0);
    let polled = backtrace[woken..].find("where_it_waits").map_or(backtrace.len(), |at| woken + at);
    let frames = backtrace[woken..polled].rsplit_once('\n').map_or("", |(frames, _)| frames);
    let places = frames.lines().filter_map(|it| it.trim().strip_prefix("at "));
    let names = frames.lines().filter_map(|it| Some(it.split_once(": ")?.1));
    let starts = ["<", "std::", "core::", "alloc::", "tokio::"];
    let mut own: Vec<_> =
        places.filter(|it| !it.contains("/rustc/") && !it.contains("/registry/")).collect();
    if own.is_empty() {
        own.extend(names.filter(|it| !starts.iter().any(|start| it.starts_with(start))));
    }
    format!("  {}", own.join(" < "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use tokio::sync::{Mutex, mpsc, oneshot};
    use tokio::task::coop::cooperative;
    use tokio::time::sleep;

    const HOUR: Duration = Duration::from_secs(3600);

    /// Whether it names this line, or this function if the build has no debug information.
    fn says(wait: &str, line: u32, function: &str) -> bool {
        let has_lines = Backtrace::force_capture().to_string().contains("no_hang.rs:");
        if has_lines {
            wait.contains(&format!("no_hang.rs:{line}:"))
        } else {
            wait.contains(function)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_ends_has_its_value_however_long_it_sleeps() {
        let start = Instant::now();
        assert_eq!(no_hang(async { sleep(HOUR / 2).await }).await, ());
        assert_eq!(start.elapsed(), HOUR / 2);
        assert_eq!(find_hang(Duration::ZERO, async { 7 }).await.ok(), Some(7));
    }

    #[tokio::test(start_paused = true)]
    async fn the_line_that_waits_and_the_one_that_called_it_are_named() {
        const INNER: u32 = line!() + 2;
        async fn inner(items: &mut mpsc::Receiver<()>) {
            items.recv().await;
        }
        let (_kept, mut items) = mpsc::channel(1);
        let (inner_line, outer_line) = (INNER, line!() + 1);
        let hang = find_hang(HOUR, async { inner(&mut items).await }).await.expect_err("no item");
        let [wait] = &hang.waits[..] else { panic!("{hang}") };
        let (inner, outer) = wait.split_once(" < ").expect("two frames");
        assert!(says(inner, inner_line, "inner"), "{hang}");
        assert!(says(outer, outer_line, "called_it_are_named"), "{hang}");
        assert_eq!((hang.limit, hang.tasks), (HOUR, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn all_branches_of_a_join_are_named_and_tasks_are_counted() {
        let (_kept, mut items) = mpsc::channel::<()>(1);
        let task = tokio::spawn(std::future::pending::<()>());
        let line = line!() + 2;
        let hang = find_hang(HOUR, async {
            tokio::join!(async { items.recv().await }, async {
                task.await.expect("no panic");
            })
        });
        let hang = hang.await.expect_err("neither ends");
        assert_eq!((hang.waits.len(), hang.tasks), (2, 1), "{hang}");
        assert!(says(&hang.waits[0], line, "all_branches"), "{hang}");
        assert!(says(&hang.waits[1], line + 1, "all_branches"), "{hang}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_lock_shows_its_place_if_it_is_asked_to_and_is_a_hang_all_the_same() {
        let locked = Mutex::new(());
        let _guard = locked.lock().await;
        let hang = find_hang(HOUR, async { drop(locked.lock().await) }).await.expect_err("held");
        assert_eq!(hang.waits, ["  (an .await that shows no place)"]);
        let line = line!() + 1;
        let hang = find_hang(HOUR, async { drop(cooperative(locked.lock()).await) }).await;
        assert!(says(&hang.expect_err("held").waits[0], line, "a_lock_shows"));
    }

    #[tokio::test(start_paused = true)]
    #[should_panic(expected = "it hangs: after 3600s of paused time")]
    async fn no_hang_panics_with_what_is_known() {
        let (_kept, never) = oneshot::channel::<()>();
        let _ = no_hang(never).await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_heartbeat_does_not_hide_a_hang() {
        let heart = tokio::spawn(async {
            loop {
                sleep(Duration::from_secs(1)).await;
            }
        });
        let (_kept, never) = oneshot::channel::<()>();
        let hang = find_hang(HOUR, never).await.expect_err("nobody sends");
        assert_eq!(hang.tasks, 1);
        heart.abort();
    }

    #[test]
    fn a_clock_that_runs_is_refused() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        let runtime = runtime.expect("a runtime");
        catch_unwind(AssertUnwindSafe(|| runtime.block_on(no_hang(async {}))))
            .expect_err("refused");
    }
}
