//! Wait until a condition on shared state holds, without losing the wake-up.
//!
//! To look, find the condition false, and then wait, loses a notification that comes between the two:
//! the waiter hangs. A [`Monitor`] keeps the state and its `Notify` together: a waiter registers
//! before it looks, and every change notifies, even one that panics half-way.
//!
//! If all that waiters need is to see the newest value, `tokio::sync::watch` has `wait_for`; if they
//! take items in turn, a channel. A change wakes all waiters, and each looks again: with hundreds of
//! them on one state, or a state that changes all the time, they are the better choice too.
//!
//! ```
//! # use recipes::wait_until::Monitor;
//! use std::sync::Arc;
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! // Wait until no request is under way.
//! let requests = Arc::new(Monitor::new(3));
//! for _ in 0..3 {
//!     let requests = Arc::clone(&requests);
//!     tokio::spawn(async move { requests.update(|count| *count -= 1) });
//! }
//! requests.wait_until(|count| *count == 0).await;
//! # }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// State whose changes can be waited for. Share it in an `Arc`.
///
/// The closures run under a lock, so they should be short, and must not use the same monitor: that
/// deadlocks. They cannot `.await`. After a panic in one of them, the state is what it left.
#[derive(Debug, Default)]
pub struct Monitor<T> {
    state: Mutex<T>,
    changed: Notify,
}

impl<T> Monitor<T> {
    /// Holds `state`.
    pub const fn new(state: T) -> Self {
        Self { state: Mutex::new(state), changed: Notify::const_new() }
    }

    /// Looks at the state, and wakes nobody.
    pub fn read<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        read(&self.lock())
    }

    /// Changes the state and has all waiters look again.
    ///
    /// # Panics
    ///
    /// If `change` panics. The waiters look again all the same.
    pub fn update<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        // Dropped after the guard: a waiter that wakes on another thread finds the lock free.
        let _notify = NotifyOnDrop(&self.changed);
        change(&mut self.lock())
    }

    /// Waits until `holds` returns true. It may be false again when this returns: to change the state
    /// while it holds, use [`Monitor::take_when`].
    ///
    /// # Cancel safety
    ///
    /// Can be dropped at any time.
    ///
    /// # Panics
    ///
    /// If `holds` panics.
    pub async fn wait_until(&self, mut holds: impl FnMut(&T) -> bool) {
        self.wait_for(|state| holds(state).then_some(())).await;
    }

    /// Waits until `take` returns `Some`, and returns what is in it.
    ///
    /// `take` may change the state when it returns `Some`, so two waiters never take the same thing.
    /// Which of several waiters is first is not promised. Waiters look again after that change too.
    ///
    /// # Cancel safety
    ///
    /// Can be dropped at any time: either `take` has returned `Some` and this is ready, or nothing
    /// has been taken.
    ///
    /// # Panics
    ///
    /// If `take` panics.
    pub async fn take_when<R>(&self, mut take: impl FnMut(&mut T) -> Option<R>) -> R {
        self.wait_for(|state| {
            let notify = NotifyOnDrop(&self.changed);
            let taken = take(state);
            // Nothing has changed; if `take` panics, something may have.
            if taken.is_none() {
                std::mem::forget(notify);
            }
            taken
        })
        .await
    }

    async fn wait_for<R>(&self, mut ready: impl FnMut(&mut T) -> Option<R>) -> R {
        let mut changed = pin!(self.changed.notified());
        loop {
            // Registers before looking. `notify_waiters` would count from `notified()` on; this keeps
            // it right with `notify_one` too.
            changed.as_mut().enable();
            let result = ready(&mut self.lock());
            if let Some(result) = result {
                return result;
            }
            changed.as_mut().await;
            changed.set(self.changed.notified());
        }
    }

    fn lock(&self) -> MutexGuard<'_, T> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct NotifyOnDrop<'a>(&'a Notify);

impl Drop for NotifyOnDrop<'_> {
    fn drop(&mut self) {
        self.0.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use std::collections::VecDeque;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::Arc;
    use std::time::Duration;
    use tokio::time::timeout;

    #[tokio::test]
    async fn what_holds_already_does_not_wait() {
        let monitor = Monitor::new(1);
        assert_eq!(monitor.wait_until(|n| *n == 1).now_or_never(), Some(()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_change_between_the_look_and_the_wait_is_not_lost() {
        let monitor = Monitor::new(0);
        let mut looks = 0;
        let wait = monitor.take_when(|n| {
            looks += 1;
            if *n == 1 {
                return Some(());
            }
            // As `update` by another thread, right after this look has found 0.
            *n = 1;
            monitor.changed.notify_waiters();
            None
        });
        timeout(Duration::from_secs(1), wait).await.expect("the change wakes it");
        assert_eq!(looks, 2);
    }

    #[tokio::test]
    async fn each_item_is_taken_once_and_a_taker_wakes_those_who_wait_for_room() {
        let queue = Monitor::new(VecDeque::from([1]));
        let push = queue.take_when(|queue| queue.is_empty().then(|| queue.push_back(2)));
        let pop = || queue.take_when(VecDeque::pop_front);
        // The push waits for room, which the first pop makes.
        let ((), first, second) = tokio::join!(push, pop(), pop());
        assert_eq!((first, second), (1, 2));
        assert!(queue.read(VecDeque::is_empty));
    }

    #[tokio::test]
    async fn a_waiter_that_is_dropped_takes_nothing() {
        let queue = Monitor::new(Vec::new());
        let mut gone = Box::pin(queue.take_when(Vec::pop));
        assert_eq!(gone.as_mut().now_or_never(), None);
        queue.update(|queue| queue.push(7));
        drop(gone);
        assert_eq!(queue.read(Vec::len), 1);
        assert_eq!(queue.take_when(Vec::pop).now_or_never(), Some(7));
    }

    #[tokio::test]
    async fn a_change_that_panics_half_way_still_wakes() {
        let monitor = Monitor::new(0);
        let mut wait = Box::pin(monitor.wait_until(|n| *n == 1));
        assert_eq!(wait.as_mut().now_or_never(), None);
        let change = || {
            monitor.update(|n| {
                *n = 1;
                panic!("half-way");
            })
        };
        catch_unwind(AssertUnwindSafe(change)).expect_err("it panics");
        assert_eq!(wait.now_or_never(), Some(()));
    }

    #[tokio::test]
    async fn a_taker_that_panics_half_way_wakes_the_others() {
        let monitor = Monitor::new(0);
        let mut wait = Box::pin(monitor.wait_until(|n| *n == 1));
        assert_eq!(wait.as_mut().now_or_never(), None);
        let take = monitor.take_when(|n| -> Option<()> {
            *n = 1;
            panic!("half-way");
        });
        AssertUnwindSafe(take).catch_unwind().await.expect_err("it panics");
        assert_eq!(wait.now_or_never(), Some(()));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn many_waiters_on_two_threads_take_all_items() {
        let monitor = Arc::new(Monitor::new(Vec::new()));
        let takers: Vec<_> = (0..50)
            .map(|_| {
                let monitor = Arc::clone(&monitor);
                tokio::spawn(async move { monitor.take_when(Vec::pop).await })
            })
            .collect();
        for n in 0..50 {
            monitor.update(|items| items.push(n));
            tokio::task::yield_now().await;
        }
        let mut taken = Vec::new();
        for taker in takers {
            taken.push(taker.await.expect("no panic"));
        }
        taken.sort_unstable();
        assert_eq!(taken, (0..50).collect::<Vec<_>>());
    }
}
