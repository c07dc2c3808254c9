//! Make a value the first time it is needed, with async code that may fail, and again if it failed.
//!
//! A client, a token or a configuration that many tasks need must be made once, not once a task.
//! Here the first caller makes it and the others wait. If it fails, all who waited get that error,
//! and the next call tries again; if the caller who makes it is dropped, one who waits takes over.
//!
//! `tokio::sync::OnceCell::get_or_try_init` does the same but for the error: there each of a hundred
//! waiters tries again in turn, so that the last one waits a hundred timeouts. This one neither
//! limits the time of an attempt nor spaces attempts out: put a timeout and a retry into it.
//!
//! ```
//! # use recipes::lazy_value::LazyValue;
//! use std::sync::atomic::{AtomicU32, Ordering};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! static ATTEMPTS: AtomicU32 = AtomicU32::new(0);
//! let token = LazyValue::new(|| async {
//!     match ATTEMPTS.fetch_add(1, Ordering::Relaxed) {
//!         0 => Err("unreachable"),
//!         n => Ok(format!("token {n}")),
//!     }
//! });
//! assert_eq!(*token.get().await.unwrap_err(), "unreachable");
//! assert_eq!(token.get().await.unwrap(), "token 1");
//! assert_eq!(token.get().await.unwrap(), "token 1");
//! # }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use tokio::sync::Mutex;

/// A value that is made when it is first needed. Share it in an `Arc`.
#[derive(Debug)]
pub struct LazyValue<T, E, F> {
    value: OnceLock<T>,
    make: F,
    /// Attempts that have failed. A caller compares it before and after it waited.
    failures: AtomicU64,
    /// Held by the caller who makes the value: the error of the last attempt.
    last_error: Mutex<Option<Arc<E>>>,
}

impl<T, E, F, Fut> LazyValue<T, E, F>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<T, E>>,
{
    /// Holds no value yet. `make` runs at the first [`LazyValue::get`], once at a time, and never
    /// again once it has returned `Ok`.
    pub const fn new(make: F) -> Self {
        Self {
            value: OnceLock::new(),
            make,
            failures: AtomicU64::new(0),
            last_error: Mutex::const_new(None),
        }
    }

    /// Returns the value. If there is none, makes it, or waits for the caller who does.
    ///
    /// # Errors
    ///
    /// The error of the attempt that this call made or waited for. The next call tries again.
    ///
    /// # Cancel safety
    ///
    /// Can be dropped at any time. If it was making the value, the attempt is dropped, and a caller
    /// who waits begins a new one; to keep an attempt alive, let `make` spawn it.
    ///
    /// # Panics
    ///
    /// If `make` panics: only in the call that made the attempt; another one begins anew. A `make`
    /// that calls `get` of the same value deadlocks.
    pub async fn get(&self) -> Result<&T, Arc<E>> {
        if let Some(value) = self.value.get() {
            return Ok(value);
        }
        let failures = self.failures.load(Ordering::Acquire);
        let mut last_error = self.last_error.lock().await;
        if let Some(value) = self.value.get() {
            return Ok(value);
        }
        // An attempt has failed while this call waited for it.
        if self.failures.load(Ordering::Acquire) != failures {
            if let Some(error) = &*last_error {
                return Err(Arc::clone(error));
            }
        }
        match (self.make)().await {
            // Nobody else sets it: this call holds the lock.
            Ok(value) => Ok(self.value.get_or_init(|| value)),
            Err(error) => {
                let error = Arc::new(error);
                *last_error = Some(Arc::clone(&error));
                // Pairs with the first load: a call that does not see this one comes before it.
                self.failures.fetch_add(1, Ordering::Release);
                Err(error)
            }
        }
    }

    /// Returns the value if it is there, and makes no attempt.
    pub fn get_if_ready(&self) -> Option<&T> {
        self.value.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use futures::future::{BoxFuture, join_all};
    use std::panic::AssertUnwindSafe;
    use std::time::Duration;
    use tokio::time::{Instant, sleep, timeout};

    const SECOND: Duration = Duration::from_secs(1);

    /// Takes a second for each attempt, and succeeds with its number from the given one on.
    fn from_attempt(
        first: u64,
        attempts: &AtomicU64,
    ) -> LazyValue<u64, u64, impl Fn() -> BoxFuture<'static, Result<u64, u64>> + '_> {
        LazyValue::new(move || {
            let attempt = attempts.fetch_add(1, Ordering::Relaxed) + 1;
            async move {
                sleep(SECOND).await;
                if attempt >= first { Ok(attempt) } else { Err(attempt) }
            }
            .boxed()
        })
    }

    #[tokio::test(start_paused = true)]
    async fn a_hundred_callers_make_it_once() {
        let attempts = AtomicU64::new(0);
        let value = from_attempt(1, &attempts);
        assert_eq!((value.get_if_ready(), attempts.load(Ordering::Relaxed)), (None, 0));
        let start = Instant::now();
        let all = join_all((0..100).map(|_| value.get())).await;
        assert!(all.iter().all(|it| *it == Ok(&1)));
        assert_eq!((start.elapsed(), attempts.load(Ordering::Relaxed)), (SECOND, 1));
        assert_eq!((value.get().now_or_never(), value.get_if_ready()), (Some(Ok(&1)), Some(&1)));
    }

    #[tokio::test(start_paused = true)]
    async fn all_who_waited_share_one_failure_and_the_next_call_tries_again() {
        let attempts = AtomicU64::new(0);
        let value = from_attempt(3, &attempts);
        let start = Instant::now();
        for failed in 1..=2 {
            let all = join_all((0..100).map(|_| value.get())).await;
            assert!(all.iter().all(|it| *it == Err(Arc::new(failed))));
            assert_eq!(attempts.load(Ordering::Relaxed), failed);
        }
        assert_eq!((value.get().await, start.elapsed()), (Ok(&3), 3 * SECOND));
    }

    #[tokio::test(start_paused = true)]
    async fn if_the_maker_is_dropped_a_waiter_takes_over() {
        let attempts = AtomicU64::new(0);
        let value = from_attempt(1, &attempts);
        let start = Instant::now();
        let (gone, made) = tokio::join!(timeout(SECOND / 2, value.get()), value.get());
        gone.expect_err("it takes a second");
        assert_eq!((made, start.elapsed()), (Ok(&2), SECOND * 3 / 2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_is_the_maker_s_alone() {
        let attempts = AtomicU64::new(0);
        let value = LazyValue::<_, (), _>::new(|| async {
            tokio::task::yield_now().await;
            assert_eq!(attempts.fetch_add(1, Ordering::Relaxed), 1, "the first attempt is bad");
            Ok(7)
        });
        let (panicked, made) =
            tokio::join!(AssertUnwindSafe(value.get()).catch_unwind(), value.get());
        panicked.expect_err("the first one");
        assert_eq!(made, Ok(&7));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn it_can_be_shared_by_tasks() {
        let value = Arc::new(LazyValue::new(|| async { Ok::<_, ()>(String::from("made")) }));
        let tasks = (0..10).map(|_| {
            let value = Arc::clone(&value);
            tokio::spawn(async move { value.get().await.map(String::len) })
        });
        for task in tasks.collect::<Vec<_>>() {
            assert_eq!(task.await.expect("no panic"), Ok(4));
        }
    }
}
