//! Run blocking or computing closures on Tokio's blocking pool, a limited number at once.
//!
//! The pool is made for threads that wait, and starts up to 512 of them. Threads that compute take
//! the processor from each other and from the workers: one thread for each core is enough.
//!
//! ```
//! # use recipes::bounded_blocking::Blocking;
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let cores = std::thread::available_parallelism().map_or(1, usize::from);
//! let blocking = Blocking::at_most(cores);
//! let sum = blocking.run(|| (1..=1_000_000_u64).sum::<u64>()).await;
//! assert_eq!(sum.unwrap(), 500_000_500_000);
//! # }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use std::cell::Cell;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::{JoinError, spawn_blocking};

/// Places for closures on the blocking pool. Clones share them.
#[derive(Clone, Debug)]
pub struct Blocking(Arc<Semaphore>);

impl Blocking {
    /// Returns places for this many closures at once.
    ///
    /// # Panics
    ///
    /// If `places` is zero: no closure could ever run.
    pub fn at_most(places: usize) -> Self {
        assert!(places > 0, "without a place no closure can run");
        Self(Arc::new(Semaphore::new(places.min(Semaphore::MAX_PERMITS))))
    }

    /// Waits for a place, first come, first served, then runs `job` on a thread of the pool.
    ///
    /// A job must not wait for another job of the same places. It keeps its own place meanwhile, so
    /// enough such jobs deadlock. Let a task await one job after the other.
    ///
    /// # Errors
    ///
    /// If `job` panicked, or if the runtime ended before the job could begin.
    ///
    /// # Panics
    ///
    /// In a job of the same places, even if a place is free, so that a test finds the deadlock. It
    /// does not notice a job that waits for a task or a thread which calls this.
    ///
    /// Outside a Tokio runtime.
    ///
    /// # Cancel safety
    ///
    /// If dropped while it waits, the job never runs. If dropped later, the job runs to its end and
    /// keeps its place until then: nothing can stop a running closure.
    pub async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, JoinError> {
        let inside = INSIDE.get() == address(&self.0);
        assert!(!inside, "a job waits for a job of the same places, which they both need");
        let place = self.0.clone().acquire_owned().await;
        let place = place.expect("this semaphore is never closed");
        spawn_blocking(move || {
            let _inside = Inside::of(place.semaphore());
            // The closure holds it, because the caller may leave while the closure runs.
            let _place = place;
            job()
        })
        .await
    }
}

fn address(places: &Arc<Semaphore>) -> usize {
    Arc::as_ptr(places) as usize
}

thread_local! {
    /// The address of the places whose job this thread runs, or 0.
    static INSIDE: Cell<usize> = const { Cell::new(0) };
}

/// Marks its thread as running a job. A guard, because jobs panic and threads are used again.
struct Inside {
    before: usize,
}

impl Inside {
    fn of(places: &Arc<Semaphore>) -> Self {
        Self { before: INSIDE.replace(address(places)) }
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        INSIDE.set(self.before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::Future;
    use std::pin::{Pin, pin};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Barrier, mpsc};
    use std::task::Poll;
    use tokio::runtime::{Builder, Handle};

    async fn poll_once<F: Future>(mut future: Pin<&mut F>) -> Poll<F::Output> {
        std::future::poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx))).await
    }

    /// Each waits for a second one: let in one by one, none would end.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn of_eight_jobs_exactly_two_run_at_once() {
        let blocking = Blocking::at_most(2);
        let (running, pair) = (Arc::new(AtomicUsize::new(0)), Arc::new(Barrier::new(2)));
        let jobs = (0..8).map(|_| {
            let (blocking, running, pair) = (blocking.clone(), running.clone(), pair.clone());
            let job = move || {
                let at_once = running.fetch_add(1, Ordering::Relaxed) + 1;
                pair.wait();
                running.fetch_sub(1, Ordering::Relaxed);
                at_once
            };
            tokio::spawn(async move { blocking.run(job).await.unwrap() })
        });
        let mut most = 0;
        for job in jobs.collect::<Vec<_>>() {
            most = most.max(job.await.unwrap());
        }
        assert_eq!(most, 2);
    }

    #[tokio::test]
    async fn a_caller_that_goes_away_leaves_its_place_taken_until_its_job_ends() {
        let blocking = Blocking::at_most(1);
        let (release, released) = mpsc::channel();
        let (log, entries) = mpsc::channel();
        {
            let job = move || {
                log.send("running").unwrap();
                log.send(released.recv().unwrap()).unwrap();
            };
            let mut caller = pin!(blocking.run(job));
            assert!(poll_once(caller.as_mut()).await.is_pending());
        }
        assert_eq!(entries.recv(), Ok("running"));
        assert_eq!(blocking.0.available_permits(), 0);

        release.send("unheard").unwrap();
        assert_eq!(blocking.run(|| "next").await.unwrap(), "next");
        assert_eq!(entries.try_recv(), Ok("unheard"));
    }

    #[tokio::test]
    async fn a_caller_that_goes_away_while_it_waits_has_run_nothing() {
        let blocking = Blocking::at_most(1);
        let place = blocking.0.acquire().await;
        let (started, starts) = mpsc::channel();
        {
            let mut caller = pin!(blocking.run(move || started.send(())));
            assert!(poll_once(caller.as_mut()).await.is_pending());
        }
        drop(place);
        assert_eq!(blocking.0.available_permits(), 1);
        assert_eq!(starts.recv(), Err(mpsc::RecvError));
    }

    #[tokio::test]
    async fn a_panic_is_an_error_with_its_message_and_frees_the_place() {
        let blocking = Blocking::at_most(1);
        let error = blocking.run(|| panic!("on purpose")).await.unwrap_err();
        assert_eq!(*error.into_panic().downcast::<&str>().unwrap(), "on purpose");
        assert_eq!(blocking.0.available_permits(), 1);
    }

    /// A job of `outer` that awaits one of `inner` on its own thread.
    async fn nested(outer: &Blocking, inner: &Blocking) -> Result<u32, JoinError> {
        let (runtime, inner) = (Handle::current(), inner.clone());
        outer.run(move || runtime.block_on(inner.run(|| 7))).await?
    }

    #[tokio::test]
    async fn a_job_that_awaits_a_job_panics_however_many_places_there_are() {
        // The one place last: unnoticed, that would hang, and the others would not.
        for places in [100, 2, 1] {
            let blocking = Blocking::at_most(places);
            let error = nested(&blocking, &blocking).await.unwrap_err();
            let message = error.into_panic().downcast::<&str>().unwrap();
            assert!(message.starts_with("a job waits for a job"), "{message}");
            assert_eq!(blocking.0.available_permits(), places);
        }
    }

    #[tokio::test]
    async fn a_job_may_await_a_job_of_other_places() {
        assert_eq!(nested(&Blocking::at_most(1), &Blocking::at_most(1)).await.unwrap(), 7);
    }

    /// One thread in the pool: the next closure runs where the last job panicked.
    #[test]
    fn after_a_job_its_thread_may_call_run_again() {
        let mut builder = Builder::new_current_thread();
        let runtime = builder.max_blocking_threads(1).build().unwrap();
        runtime.block_on(async {
            let blocking = Blocking::at_most(2);
            blocking.run(|| 1).await.unwrap();
            blocking.run(|| panic!("on purpose")).await.unwrap_err();
            let later = blocking.clone();
            let poll = move || {
                let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
                pin!(later.run(|| 2)).poll(&mut cx).is_pending()
            };
            assert!(spawn_blocking(poll).await.unwrap());
        });
    }

    #[test]
    #[should_panic = "without a place no closure can run"]
    fn no_place_is_a_mistake() {
        Blocking::at_most(0);
    }
}
