//! Spawn jobs, a limited number at once: the spawner waits, and no job is lost at the end.
//!
//! This combines a `Semaphore` with tokio-util's `TaskTracker`. A job gets its place before it is
//! spawned, so no tasks pile up. The task holds the place, so the caller may leave.
//!
//! ```
//! # use recipes::bounded_jobs::Jobs;
//! # use std::time::Duration;
//! # use tokio::time::{Instant, sleep};
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let (start, jobs) = (Instant::now(), Jobs::at_most(2));
//! for _ in 0..6 {
//!     // Waits while two run.
//!     jobs.spawn(async { sleep(Duration::from_secs(1)).await }).await.unwrap();
//! }
//! jobs.finish().await;
//! assert_eq!(start.elapsed(), Duration::from_secs(3));
//! # }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use std::fmt::{self, Debug, Formatter};
use std::future::Future;
use std::sync::Arc;
use thiserror::Error;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};
use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;

/// Places for jobs. Clones share them.
#[derive(Clone, Debug)]
pub struct Jobs {
    places: Arc<Semaphore>,
    tasks: TaskTracker,
}

/// Why a job was not spawned. This holds the job, which has not begun.
#[derive(Error)]
pub enum SpawnError<F> {
    /// All places are taken. Only [`Jobs::try_spawn`] says so.
    #[error("all places are taken")]
    Full(F),
    /// [`Jobs::finish`] has been called.
    #[error("no more jobs are taken")]
    Closed(F),
}

impl<F> SpawnError<F> {
    /// Returns the job.
    pub fn into_job(self) -> F {
        match self {
            SpawnError::Full(job) | SpawnError::Closed(job) => job,
        }
    }
}

impl<F> Debug for SpawnError<F> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(if matches!(self, SpawnError::Full(_)) { "Full" } else { "Closed" })
    }
}

impl Jobs {
    /// Returns places for this many jobs at once. Panics with zero: no job could ever run.
    pub fn at_most(places: usize) -> Self {
        assert!(places > 0, "without a place no job can run");
        Self {
            places: Arc::new(Semaphore::new(places.min(Semaphore::MAX_PERMITS))),
            tasks: TaskTracker::new(),
        }
    }

    /// Waits for a place, first come, first served, then spawns `job`. If its handle is dropped,
    /// the job runs on. The place is free again when the job ends, panics or is aborted.
    ///
    /// A job must not wait for another job of the same places: both may need the last one. Panics
    /// outside a Tokio runtime.
    ///
    /// # Errors
    ///
    /// [`SpawnError::Closed`] if [`Jobs::finish`] was called, before or while this waits.
    ///
    /// # Cancel safety
    ///
    /// If dropped while it waits, it drops the job, which has not begun. [`Jobs::try_spawn`]
    /// returns the job instead.
    pub async fn spawn<F>(&self, job: F) -> Result<JoinHandle<F::Output>, SpawnError<F>>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        match self.places.clone().acquire_owned().await {
            Ok(place) => self.spawn_in(place, job),
            Err(_closed) => Err(SpawnError::Closed(job)),
        }
    }

    /// Spawns `job` if there is a place now. Panics outside a Tokio runtime.
    ///
    /// # Errors
    ///
    /// [`SpawnError::Full`] if there is none: answer "busy", for example. [`SpawnError::Closed`] if
    /// [`Jobs::finish`] was called.
    pub fn try_spawn<F>(&self, job: F) -> Result<JoinHandle<F::Output>, SpawnError<F>>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        match self.places.clone().try_acquire_owned() {
            Ok(place) => self.spawn_in(place, job),
            Err(TryAcquireError::NoPermits) => Err(SpawnError::Full(job)),
            Err(TryAcquireError::Closed) => Err(SpawnError::Closed(job)),
        }
    }

    fn spawn_in<F>(
        &self,
        place: OwnedSemaphorePermit,
        job: F,
    ) -> Result<JoinHandle<F::Output>, SpawnError<F>>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        // On another thread, `finish` can come between place and task. If it closed `tasks` before
        // this counts, the job is refused. If it closes `tasks` later, it waits for the job.
        let _counted = self.tasks.token();
        if self.tasks.is_closed() {
            return Err(SpawnError::Closed(job));
        }
        Ok(self.tasks.spawn(async move {
            // The task holds it, because the caller may leave.
            let _place = place;
            job.await
        }))
    }

    /// Returns the number of jobs that have not ended.
    pub fn running(&self) -> usize {
        self.tasks.len()
    }

    /// Takes no more jobs and waits until all spawned jobs have ended. If dropped, the jobs run on,
    /// and another call waits again. After a timeout, [`Jobs::running`] tells how many are left.
    pub async fn finish(&self) {
        self.places.close();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{pending, ready};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;
    use tokio::time::{Instant, sleep, timeout};

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn never_more_than_the_limit_run_and_all_run() {
        let (jobs, start) = (Jobs::at_most(3), Instant::now());
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        for _ in 0..10 {
            let (running, most) = (running.clone(), most.clone());
            let job = async move {
                most.fetch_max(running.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
                sleep(SECOND).await;
                running.fetch_sub(1, Ordering::Relaxed);
            };
            jobs.spawn(job).await.unwrap();
        }
        // The tenth had to wait for three rounds.
        assert_eq!((start.elapsed(), jobs.running()), (SECOND * 3, 1));
        jobs.finish().await;
        assert_eq!((start.elapsed(), jobs.running()), (SECOND * 4, 0));
        assert_eq!(most.load(Ordering::Relaxed), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn the_handle_has_the_value_or_the_panic_and_both_free_the_place() {
        let jobs = Jobs::at_most(1);
        let value = jobs.spawn(ready(7)).await.unwrap();
        let panics = jobs.spawn(async { panic!("on purpose") }).await.unwrap();
        let aborted = jobs.spawn(pending::<()>()).await.unwrap();
        aborted.abort();
        let last = jobs.spawn(ready(8)).await.unwrap();
        assert_eq!((value.await.unwrap(), last.await.unwrap()), (7, 8));
        let _: () = panics.await.map_err(|error| assert!(error.is_panic())).unwrap_err();
        assert!(aborted.await.unwrap_err().is_cancelled());
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_place_try_spawn_gives_the_job_back() {
        let jobs = Jobs::at_most(1);
        let first = jobs.try_spawn(sleep(SECOND)).unwrap();
        let full = jobs.try_spawn(ready("mine")).unwrap_err();
        assert_eq!(format!("{full}, {full:?}"), "all places are taken, Full");
        assert_eq!(full.into_job().await, "mine");
        first.await.unwrap();
        assert_eq!(jobs.try_spawn(ready(7)).unwrap().await.unwrap(), 7);
    }

    #[tokio::test(start_paused = true)]
    async fn at_the_end_what_runs_is_waited_for_and_what_waits_comes_back() {
        let (jobs, start) = (Jobs::at_most(1), Instant::now());
        jobs.spawn(sleep(SECOND)).await.unwrap();
        let (waiting, ()) = tokio::join!(biased; jobs.spawn(ready("mine")), jobs.finish());
        let closed = waiting.unwrap_err();
        assert_eq!(format!("{closed}, {closed:?}"), "no more jobs are taken, Closed");
        assert_eq!((closed.into_job().await, start.elapsed()), ("mine", SECOND));
        assert!(matches!(jobs.try_spawn(ready(())), Err(SpawnError::Closed(_))));
        jobs.finish().await;
    }

    /// Another thread can do so between the two steps of a spawn.
    #[tokio::test(start_paused = true)]
    async fn a_finish_between_place_and_task_leaves_no_job_behind() {
        let jobs = Jobs::at_most(1);
        let place = jobs.places.clone().try_acquire_owned().unwrap();
        jobs.finish().await;
        let closed = jobs.spawn_in(place, ready("mine")).unwrap_err();
        assert!(matches!(closed, SpawnError::Closed(_)));
        assert_eq!((closed.into_job().await, jobs.running()), ("mine", 0));
        jobs.finish().await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_finish_that_is_dropped_tells_what_is_left_and_can_be_called_again() {
        let (jobs, start) = (Jobs::at_most(2), Instant::now());
        jobs.spawn(sleep(SECOND)).await.unwrap();
        jobs.spawn(sleep(SECOND * 3)).await.unwrap();
        timeout(SECOND * 2, jobs.finish()).await.unwrap_err();
        assert_eq!(jobs.running(), 1);
        jobs.finish().await;
        assert_eq!(start.elapsed(), SECOND * 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_that_goes_away_while_it_waits_has_run_nothing_and_takes_no_place() {
        let jobs = Jobs::at_most(1);
        jobs.spawn(sleep(SECOND)).await.unwrap();
        timeout(SECOND / 2, jobs.spawn(async { panic!("it runs") })).await.unwrap_err();
        jobs.spawn(ready(())).await.unwrap().await.unwrap();
        jobs.finish().await;
    }

    #[test]
    #[should_panic = "without a place no job can run"]
    fn no_place_is_a_mistake() {
        Jobs::at_most(0);
    }
}
