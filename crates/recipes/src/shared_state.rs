//! Share state between tasks without holding a lock across an `.await`.
//!
//! A guard that lives across an `.await` makes the task not `Send`, or holds up everybody else for as
//! long as the network takes, or deadlocks. Here the state is reached by closures that are not async,
//! so no guard can live that long, and to read, await something, and then write what was decided,
//! [`Shared::write_if`] writes only if nobody else has written meanwhile.
//!
//! For a value per key that async code makes once, `moka`'s `try_get_with`; if every access needs an
//! `.await` in the middle, an actor. This is one lock: it does not make many writers fast.
//!
//! ```
//! # use recipes::shared_state::Shared;
//! # async fn fetch(_: &str) -> u32 { 7 }
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! use std::collections::HashMap;
//!
//! let prices: Shared<HashMap<&str, u32>> = Shared::new(HashMap::new());
//! prices.write(|prices| prices.insert("tea", 3));
//! let price = loop {
//!     let (known, version) = prices.read_versioned(|prices| prices.get("nut").copied());
//!     if let Some(price) = known {
//!         break price;
//!     }
//!     let price = fetch("nut").await; // without the lock
//!     // If somebody else has written, look again.
//!     let _ = prices.write_if(version, |prices| prices.insert("nut", price));
//! };
//! assert_eq!(price, 7);
//! # }
//! ```
//!
//! An `.await` inside does not compile:
//!
//! ```compile_fail,E0728
//! # use recipes::shared_state::Shared;
//! # async fn wrong(total: Shared<u32>, fetch: impl std::future::Future<Output = u32>) {
//! total.write(|total| *total += fetch.await);
//! # }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Which state was read: it becomes another one with each write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version(u64);

/// Another one has written since the version was read. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the state has changed since it was read")]
pub struct Changed;

/// State that tasks and threads share. A clone is another handle to the same state.
///
/// All methods block for as long as another closure runs, so closures should be short: no I/O, no
/// computing. A closure that uses the same state again deadlocks or panics. A closure that panics
/// while it writes may leave the state half changed: every later call panics then.
#[derive(Debug, Default)]
pub struct Shared<T> {
    state: Arc<Mutex<Versioned<T>>>,
}

#[derive(Debug, Default)]
struct Versioned<T> {
    value: T,
    writes: u64,
    /// Still true after a closure that panicked while it wrote.
    writing: bool,
}

impl<T> Shared<T> {
    /// Holds `value`.
    pub fn new(value: T) -> Self {
        Self { state: Arc::new(Mutex::new(Versioned { value, writes: 0, writing: false })) }
    }

    /// Looks at the state.
    ///
    /// # Panics
    ///
    /// If `read` panics, which harms nobody else, or an earlier write has panicked.
    pub fn read<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        self.read_versioned(read).0
    }

    /// Looks at the state, and returns its version for a [`Shared::write_if`].
    ///
    /// # Panics
    ///
    /// As [`Shared::read`].
    pub fn read_versioned<R>(&self, read: impl FnOnce(&T) -> R) -> (R, Version) {
        let state = self.lock();
        (read(&state.value), Version(state.writes))
    }

    /// Changes the state.
    ///
    /// # Panics
    ///
    /// If `write` panics, or an earlier write has panicked.
    pub fn write<R>(&self, write: impl FnOnce(&mut T) -> R) -> R {
        self.lock().write(write)
    }

    /// Changes the state if it is still the one that was read.
    ///
    /// # Errors
    ///
    /// [`Changed`] if any write has come between. `write` has not run.
    ///
    /// # Panics
    ///
    /// As [`Shared::write`].
    pub fn write_if<R>(
        &self,
        version: Version,
        write: impl FnOnce(&mut T) -> R,
    ) -> Result<R, Changed> {
        let mut state = self.lock();
        if Version(state.writes) != version {
            return Err(Changed);
        }
        Ok(state.write(write))
    }

    fn lock(&self) -> MutexGuard<'_, Versioned<T>> {
        // A reader that panicked poisons the lock too, and has done no harm.
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(!state.writing, "a closure has panicked while it changed the state");
        state
    }
}

impl<T> Versioned<T> {
    fn write<R>(&mut self, write: impl FnOnce(&mut T) -> R) -> R {
        self.writes += 1;
        self.writing = true;
        let result = write(&mut self.value);
        self.writing = false;
        result
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self { state: Arc::clone(&self.state) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use tokio::sync::Barrier;

    #[test]
    fn each_write_makes_another_version_and_a_read_none() {
        let state = Shared::new(1);
        let (_, first) = state.read_versioned(|_| ());
        assert_eq!(state.read_versioned(|n| *n), (1, first));
        assert_eq!(state.write_if(first, |n| std::mem::replace(n, 2)), Ok(1));
        assert_eq!(state.write_if(first, |_| unreachable!("it is old")), Err::<(), _>(Changed));
        state.write(|_| ());
        assert_ne!(state.read_versioned(|n| *n), (2, first));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn read_await_write_loses_no_update() {
        let total = Shared::new(0);
        let together = Arc::new(Barrier::new(2));
        let tasks: Vec<_> = (0..2)
            .map(|_| {
                let (total, together) = (total.clone(), Arc::clone(&together));
                tokio::spawn(async move {
                    let mut attempts = 1;
                    let (mut seen, mut version) = total.read_versioned(|n| *n);
                    // Both have read 0.
                    together.wait().await;
                    while total.write_if(version, |n| *n = seen + 1).is_err() {
                        attempts += 1;
                        tokio::task::yield_now().await;
                        (seen, version) = total.read_versioned(|n| *n);
                    }
                    attempts
                })
            })
            .collect();
        let mut attempts = 0;
        for task in tasks {
            attempts += task.await.expect("no panic");
        }
        // One of the two had to look again.
        assert_eq!((total.read(|n| *n), attempts), (2, 3));
    }

    #[test]
    fn a_reader_that_panics_harms_nobody_and_a_writer_that_panics_is_not_overlooked() {
        let state = Shared::new(vec![1]);
        let panics = |run: &dyn Fn()| catch_unwind(AssertUnwindSafe(run)).is_err();
        assert!(panics(&|| state.read(|_| panic!("reader"))));
        assert_eq!(state.read(Vec::len), 1);
        assert!(panics(&|| {
            state.write(|items| {
                items.clear();
                panic!("half-way");
            })
        }));
        assert!(panics(&|| _ = state.read(Vec::len)));
        assert!(panics(&|| state.write(Vec::clear)));
    }

    #[test]
    fn a_future_that_uses_it_is_send() {
        fn assert_send<T: Send>(_: &T) {}
        let state = Shared::new(0);
        assert_send(&async {
            let seen = state.read(|n| *n);
            tokio::task::yield_now().await;
            state.write(|n| *n = seen);
        });
    }
}
