//! Spawn jobs, a limited number at once: the spawner waits, and no job is lost at the end.
//!
//! This combines a `Semaphore` with tokio-util's `TaskTracker`. A job gets its place before it is
//! spawned, so no tasks pile up. The task holds the place, so the caller may leave.
//!
//! ```
//! # use service::bounded_jobs::Jobs;
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
