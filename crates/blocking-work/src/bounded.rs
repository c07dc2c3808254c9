//! Guide FAQ Q6 — A permit inside the closure bounds the jobs that run, even those nobody awaits.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use tokio::sync::Semaphore;
use tokio::task::{JoinError, JoinSet, spawn_blocking};

#[tokio::main]
pub async fn main() -> Result<(), JoinError> {
    println!("8 jobs, {} at once", most_at_once(Jobs::at_most(2)).await?);
    Ok(())
}

async fn most_at_once(jobs: Jobs) -> Result<usize, JoinError> {
    let room = Arc::new((AtomicUsize::new(0), Barrier::new(2)));
    let mut callers = JoinSet::new();
    for _ in 0..8 {
        let (jobs, room) = (jobs.clone(), room.clone());
        callers.spawn(async move { jobs.run(move || job(&room.0, &room.1)).await });
    }
    let mut most = 0;
    while let Some(caller) = callers.join_next().await {
        most = most.max(caller??);
    }
    Ok(most)
}

/// How many jobs run, this one included.
///
/// Each waits for a second one, so that two must meet: let in one by one, none would end.
fn job(running: &AtomicUsize, pair: &Barrier) -> usize {
    // Nothing but the number itself is read by it: `Relaxed` is enough.
    let at_once = running.fetch_add(1, Ordering::Relaxed) + 1;
    pair.wait();
    running.fetch_sub(1, Ordering::Relaxed);
    at_once
}

/// Synchronous work for the blocking pool, a limited number at once.
///
/// The pool is made for threads that wait, and starts hundreds. Computing, they only take the
/// processor from each other and from the workers: one job for each core is plenty.
#[derive(Clone)]
struct Jobs(Arc<Semaphore>);

impl Jobs {
    fn at_most(at_once: usize) -> Self {
        Self(Arc::new(Semaphore::new(at_once)))
    }

    /// Waits for a place, then runs `job` in it.
    ///
    /// Dropped while it waits, it has run nothing. Dropped later, the job runs to its end unheard,
    /// and its place stays taken until then.
    ///
    /// # Errors
    ///
    /// `job` panicked. Its place is free again.
    async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, JoinError> {
        let place = self.0.clone().acquire_owned().await;
        let place = place.expect("this semaphore is never closed");
        spawn_blocking(move || {
            // Held here, not by the caller: a caller can go away, a running closure cannot.
            let _place = place;
            job()
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::{Pin, pin};
    use std::sync::mpsc;
    use std::task::Poll;

    /// What a first poll by the task of the test gives, without waiting.
    async fn poll_once<F: Future>(mut future: Pin<&mut F>) -> Poll<F::Output> {
        std::future::poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx))).await
    }

    /// Two is the fewest with which the pairs meet, and the most that is let in.
    /// Proves D-9-9.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn of_eight_jobs_exactly_two_run_at_once() {
        assert_eq!(most_at_once(Jobs::at_most(2)).await.unwrap(), 2);
    }

    #[tokio::test]
    async fn one_job_more_than_places_waits_until_one_is_free() {
        let jobs = Jobs::at_most(1);
        let (release, released) = mpsc::channel();
        let (started, starts) = mpsc::channel();
        let mut first = pin!(jobs.run(move || released.recv()));
        let mut second = pin!(jobs.run(move || started.send("second")));
        assert!(poll_once(first.as_mut()).await.is_pending());
        assert!(poll_once(second.as_mut()).await.is_pending());
        assert_eq!(jobs.0.available_permits(), 0);

        release.send("first").unwrap();
        assert_eq!(first.await.unwrap(), Ok("first"));
        second.await.unwrap().unwrap();
        assert_eq!(starts.recv(), Ok("second"));
        assert_eq!(jobs.0.available_permits(), 1);
    }

    #[tokio::test]
    async fn a_caller_that_goes_away_leaves_its_place_taken_until_its_job_ends() {
        let jobs = Jobs::at_most(1);
        let (release, released) = mpsc::channel();
        let (log, entries) = mpsc::channel();
        {
            let job = move || {
                log.send("running").unwrap();
                log.send(released.recv().unwrap()).unwrap();
            };
            let mut caller = pin!(jobs.run(job));
            assert!(poll_once(caller.as_mut()).await.is_pending());
        }
        assert_eq!(entries.recv(), Ok("running"));
        assert_eq!(jobs.0.available_permits(), 0);

        release.send("unheard").unwrap();
        let next = jobs.run(|| "next").await;
        assert_eq!(next.unwrap(), "next");
        assert_eq!(entries.try_recv(), Ok("unheard"));
    }

    /// The pitfall: a permit held by the caller is free again while the job still runs.
    #[tokio::test]
    async fn a_permit_outside_the_closure_lets_too_many_in() {
        let places = Semaphore::new(1);
        let (release, released) = mpsc::channel::<()>();
        {
            let mut caller = pin!(async {
                let _place = places.acquire().await;
                spawn_blocking(move || released.recv()).await
            });
            assert!(poll_once(caller.as_mut()).await.is_pending());
            assert_eq!(places.available_permits(), 0);
        }
        assert_eq!(places.available_permits(), 1);
        // It fails only if the receiver is gone, and with it the closure that holds it.
        release.send(()).unwrap();
    }

    #[tokio::test]
    async fn a_caller_that_goes_away_while_it_waits_has_run_nothing() {
        let jobs = Jobs::at_most(1);
        let place = jobs.0.acquire().await;
        let (started, starts) = mpsc::channel();
        {
            let mut caller = pin!(jobs.run(move || started.send(())));
            assert!(poll_once(caller.as_mut()).await.is_pending());
        }
        drop(place);
        assert_eq!(jobs.0.available_permits(), 1);
        assert_eq!(starts.recv(), Err(mpsc::RecvError));
    }

    #[tokio::test]
    async fn a_panic_is_an_error_with_its_message_and_frees_the_place() {
        let jobs = Jobs::at_most(1);
        let error = jobs.run(|| panic!("on purpose")).await.unwrap_err();
        assert!(error.is_panic());
        assert_eq!(*error.into_panic().downcast::<&str>().unwrap(), "on purpose");
        assert_eq!(jobs.0.available_permits(), 1);
    }
}
