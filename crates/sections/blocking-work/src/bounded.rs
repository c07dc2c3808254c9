//! Guide FAQ Q6 — A permit inside the closure bounds the jobs that run, even those nobody awaits.

use std::cell::Cell;
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
    /// A job must not wait for another one of the same `Jobs`: it keeps its place meanwhile, and as
    /// many such jobs as there are places wait for each other without end. Let a task await one
    /// after the other.
    ///
    /// Dropped while it waits, it has run nothing. Dropped later, the job runs to its end unheard,
    /// and its place stays taken until then.
    ///
    /// # Errors
    ///
    /// `job` panicked. Its place is free again.
    ///
    /// # Panics
    ///
    /// In a job of the same `Jobs`, also while a place is free: better in each test than under load.
    /// Not noticed is a job that waits for a task, or for another thread, which calls this.
    async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, JoinError> {
        let inside = INSIDE.get() == Arc::as_ptr(&self.0).addr();
        assert!(!inside, "a job waits for a job of the same `Jobs`, whose places they both need");
        let place = self.0.clone().acquire_owned().await;
        let place = place.expect("this semaphore is never closed");
        spawn_blocking(move || {
            let _inside = Inside::of(place.semaphore());
            // Held here, not by the caller: a caller can go away, a running closure cannot.
            let _place = place;
            job()
        })
        .await
    }
}

thread_local! {
    /// The address of the semaphore whose job this thread runs, or 0.
    static INSIDE: Cell<usize> = const { Cell::new(0) };
}

/// As long as it lives, its thread runs a job. A guard, since jobs panic and threads are used again.
struct Inside;

impl Inside {
    fn of(places: &Arc<Semaphore>) -> Self {
        INSIDE.set(Arc::as_ptr(places).addr());
        Self
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        INSIDE.set(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::{Pin, pin};
    use std::sync::mpsc;
    use std::task::Poll;
    use std::time::Duration;
    use tokio::runtime::{Builder, Handle};
    use utils::probe::in_child;

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

    /// A job of `outer` that awaits one of `inner` on its own thread.
    async fn nested(outer: &Jobs, inner: &Jobs) -> Result<u32, JoinError> {
        let (runtime, inner) = (Handle::current(), inner.clone());
        outer.run(move || runtime.block_on(inner.run(|| 7))).await?
    }

    #[tokio::test]
    async fn a_job_that_awaits_a_job_panics_however_many_places_there_are() {
        // The one place last: unnoticed, that would hang, and the others would not.
        for places in [100, 2, 1] {
            let jobs = Jobs::at_most(places);
            let error = nested(&jobs, &jobs).await.unwrap_err();
            let message = error.into_panic().downcast::<&str>().unwrap();
            assert!(message.starts_with("a job waits for a job of the same `Jobs`"), "{message}");
            assert_eq!(jobs.0.available_permits(), places);
        }
    }

    /// One thread in the pool: the next job runs where the last one panicked.
    #[test]
    fn after_a_job_its_thread_may_call_run_again() {
        let mut builder = Builder::new_current_thread();
        let runtime = builder.max_blocking_threads(1).build().unwrap();
        runtime.block_on(async {
            let jobs = Jobs::at_most(2);
            jobs.run(|| 1).await.unwrap();
            jobs.run(|| panic!("on purpose")).await.unwrap_err();
            let later = jobs.clone();
            spawn_blocking(move || assert!(poll_now(later.run(|| 2)).is_pending())).await.unwrap();
        });
    }

    /// One poll, on this thread.
    fn poll_now<F: Future>(future: F) -> Poll<F::Output> {
        let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
        pin!(future).poll(&mut cx)
    }

    #[tokio::test]
    async fn a_job_may_await_a_job_of_other_places() {
        assert_eq!(nested(&Jobs::at_most(1), &Jobs::at_most(1)).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn a_task_may_await_one_job_after_the_other() {
        let jobs = Jobs::at_most(1);
        let first = jobs.run(|| 7).await.unwrap();
        assert_eq!(jobs.run(move || first * 6).await.unwrap(), 42);
    }

    /// What `run` does not notice: that a task between the two awaits the inner job.
    #[test]
    fn a_job_that_waits_for_a_task_that_awaits_a_job_hangs() {
        let ended = in_child(Duration::from_secs(1), || {
            let runtime = Builder::new_multi_thread().worker_threads(1).build().unwrap();
            let (jobs, tasks) = (Jobs::at_most(1), runtime.handle().clone());
            let inner = jobs.clone();
            println!("begun");
            let outer = jobs.run(move || {
                let task = tasks.spawn(async move { inner.run(|| 7).await });
                tasks.block_on(task)
            });
            println!("ended: {:?}", runtime.block_on(outer));
        });
        assert!(ended.hung, "{ended:#?}");
        assert!(ended.stdout.contains("begun") && !ended.stdout.contains("ended"), "{ended:#?}");
    }
}
