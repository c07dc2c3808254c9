//! Reconfigure workers while they run, and stop them in the end, over one `watch` channel.
//!
//! A `watch` keeps only the newest value: a slow worker skips outdated ones, and no queue fills up.
//! This adds a stop that no worker can miss, and a result that reports panics.
//!
//! ```
//! # use recipes::watched_workers::{Watched, Workers};
//! # use std::time::Duration;
//! # use tokio::time::sleep;
//! async fn worker(_number: usize, mut watched: Watched<Duration>) {
//!     // The first call returns the configuration of the start.
//!     let Some(mut pause) = watched.next().await else { return };
//!     loop {
//!         tokio::select! {
//!             newest = watched.next() => match newest {
//!                 Some(newest) => pause = newest,
//!                 None => break,
//!             },
//!             () = sleep(pause) => { /* a unit of work */ }
//!         }
//!     }
//!     // Clean up here.
//! }
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let workers = Workers::start(4, Duration::from_secs(1), worker);
//! workers.reconfigure(Duration::from_millis(100));
//! workers.stop(Duration::from_secs(5)).await.unwrap();
//! # }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use std::future::Future;
use std::time::Duration;
use thiserror::Error;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tokio::time::timeout;

/// Tasks that watch one value. They are aborted if this is dropped.
#[derive(Debug)]
pub struct Workers<C> {
    /// `None` is the stop.
    newest: watch::Sender<Option<C>>,
    tasks: JoinSet<()>,
}

/// Some workers did not end properly. No worker is left.
#[derive(Debug, PartialEq, Eq, Error)]
#[error("{panicked} workers panicked, {cut_off} were cut off")]
pub struct StopError {
    /// How many panicked, at any time. The panic hook has reported each.
    pub panicked: usize,
    /// How many had not ended at the limit.
    pub cut_off: usize,
}

impl<C: Clone + Send + Sync + 'static> Workers<C> {
    /// Spawns `count` workers, each with its number, which starts at 0.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime, and if `worker` panics before it returns its future.
    pub fn start<F: Future<Output = ()> + Send + 'static>(
        count: usize,
        configuration: C,
        mut worker: impl FnMut(usize, Watched<C>) -> F,
    ) -> Self {
        let newest = watch::Sender::new(Some(configuration));
        let mut tasks = JoinSet::new();
        for number in 0..count {
            let mut watched = newest.subscribe();
            watched.mark_changed();
            tasks.spawn(worker(number, Watched(watched)));
        }
        Self { newest, tasks }
    }

    /// Gives all workers a new configuration. A worker sees only the newest one.
    pub fn reconfigure(&self, configuration: C) {
        // `send` would drop it if no worker were left.
        self.newest.send_replace(Some(configuration));
    }

    /// Waits until a worker ends early, mostly by a panic. Returns `None` if no worker is left.
    /// Cancel safe.
    pub async fn ended(&mut self) -> Option<Result<(), JoinError>> {
        self.tasks.join_next().await
    }

    /// Tells all workers to stop, waits for them at most for `limit`, and aborts those that are
    /// left. Panics outside a Tokio runtime whose timers are enabled.
    ///
    /// # Errors
    ///
    /// [`StopError`] if a worker was cut off, or panicked and [`Workers::ended`] has not returned
    /// it.
    ///
    /// # Cancel safety
    ///
    /// If dropped, it aborts all workers.
    pub async fn stop(mut self, limit: Duration) -> Result<(), StopError> {
        self.newest.send_replace(None);
        let mut panicked = 0;
        let all = async {
            while let Some(end) = self.tasks.join_next().await {
                panicked += usize::from(end.is_err());
            }
        };
        // The result is how many are left.
        let _ = timeout(limit, all).await;
        match (panicked, self.tasks.len()) {
            (0, 0) => Ok(()),
            (panicked, cut_off) => Err(StopError { panicked, cut_off }),
        }
    }
}

/// One worker's view of the configuration.
#[derive(Clone, Debug)]
pub struct Watched<C>(watch::Receiver<Option<C>>);

impl<C: Clone> Watched<C> {
    /// Waits for a configuration that this worker has not seen. The first call returns at once.
    /// Returns `None` when the worker must stop, and again for each later call.
    ///
    /// # Cancel safety
    ///
    /// If dropped, it has skipped no configuration: it fits into a `select!`.
    pub async fn next(&mut self) -> Option<C> {
        // After a stop there is nothing to wait for. An error means that `Workers` is gone.
        if self.0.borrow().is_some() {
            self.0.changed().await.ok()?;
        }
        self.0.borrow_and_update().clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{pending, ready};
    use std::sync::{Arc, Mutex};
    use tokio::time::{Instant, sleep};

    const LIMIT: Duration = Duration::from_secs(5);
    const SECOND: Duration = Duration::from_secs(1);

    type Log = Arc<Mutex<Vec<(usize, Option<u32>)>>>;

    /// Notes each configuration, and takes a pause after each.
    fn noting(log: &Log, pause: Duration) -> impl FnMut(usize, Watched<u32>) -> Noting + use<> {
        let log = log.clone();
        move |number, mut watched| {
            let log = log.clone();
            Box::pin(async move {
                loop {
                    let newest = watched.next().await;
                    log.lock().unwrap().push((number, newest));
                    if newest.is_none() {
                        return;
                    }
                    sleep(pause).await;
                }
            })
        }
    }

    type Noting = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

    async fn settle() {
        sleep(Duration::from_millis(1)).await;
    }

    #[tokio::test(start_paused = true)]
    async fn each_worker_sees_the_first_the_new_and_the_stop() {
        let log = Log::default();
        let workers = Workers::start(2, 1, noting(&log, Duration::ZERO));
        sleep(SECOND).await;
        workers.reconfigure(2);
        sleep(SECOND).await;
        assert_eq!(workers.stop(LIMIT).await, Ok(()));
        let mut seen = log.lock().unwrap().clone();
        seen.sort_by_key(|&(number, _)| number);
        let of = |number| [(number, Some(1)), (number, Some(2)), (number, None)];
        assert_eq!(seen, [of(0), of(1)].concat());
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_worker_skips_what_is_out_of_date_and_sees_a_stop_that_came_meanwhile() {
        let (log, start) = (Log::default(), Instant::now());
        let workers = Workers::start(1, 1, noting(&log, SECOND));
        settle().await;
        (2..=9).for_each(|number| workers.reconfigure(number));
        sleep(SECOND).await;
        assert_eq!(*log.lock().unwrap(), [(0, Some(1)), (0, Some(9))]);
        assert_eq!(workers.stop(LIMIT).await, Ok(()));
        assert_eq!(log.lock().unwrap().last(), Some(&(0, None)));
        // Its second pause began with the end of the first one.
        assert_eq!(start.elapsed().as_secs(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_before_the_first_turn_is_the_first_thing_seen() {
        let log = Log::default();
        let workers = Workers::start(1, 1, noting(&log, SECOND));
        workers.reconfigure(2);
        assert_eq!(workers.stop(LIMIT).await, Ok(()));
        assert_eq!(*log.lock().unwrap(), [(0, None)]);
    }

    #[tokio::test(start_paused = true)]
    async fn at_the_limit_a_worker_is_aborted_and_panics_are_counted() {
        let (start, alive) = (Instant::now(), Arc::new(()));
        let held = alive.clone();
        let workers = Workers::start(3, (), move |number, mut watched| {
            let held = held.clone();
            async move {
                let _held = held;
                match number {
                    0 => while watched.next().await.is_some() {},
                    1 => panic!("on purpose"),
                    _ => pending().await,
                }
            }
        });
        let error = workers.stop(LIMIT).await.unwrap_err();
        assert_eq!(error, StopError { panicked: 1, cut_off: 1 });
        assert_eq!(error.to_string(), "1 workers panicked, 1 were cut off");
        assert_eq!(start.elapsed(), LIMIT);
        tokio::task::yield_now().await;
        assert_eq!(Arc::strong_count(&alive), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_worker_that_ends_early_is_told_once() {
        let mut workers = Workers::start(2, (), |number, mut watched| async move {
            while watched.next().await.is_some() {
                assert_ne!(number, 1, "on purpose");
            }
        });
        let ended = workers.ended().await.unwrap();
        assert!(ended.unwrap_err().is_panic());
        timeout(SECOND, workers.ended()).await.unwrap_err();
        assert_eq!(workers.stop(LIMIT).await, Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn without_workers_nothing_is_waited_for() {
        let mut workers = Workers::start(0, 1, |_, _| ready(()));
        workers.reconfigure(2);
        assert!(workers.ended().await.is_none());
        assert_eq!(workers.stop(Duration::ZERO).await, Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_is_dropped_skips_nothing_and_a_stop_stays() {
        let newest = watch::Sender::new(Some(1));
        let mut watched = Watched(newest.subscribe());
        timeout(SECOND, watched.next()).await.unwrap_err();
        newest.send_replace(Some(2));
        drop(watched.next());
        assert_eq!(watched.next().await, Some(2));
        newest.send_replace(None);
        assert_eq!((watched.next().await, watched.next().await), (None, None));
        newest.send_replace(Some(3));
        drop(newest);
        assert_eq!((watched.next().await, watched.next().await), (Some(3), None));
    }
}
