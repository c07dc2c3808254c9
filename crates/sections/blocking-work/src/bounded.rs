//! Guide FAQ Q6 — A permit inside the closure limits how many jobs run, even jobs that are not awaited.
//!
//! To take to work: `cargo run -- copy bounded_blocking`.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use tokio::sync::Semaphore;
use tokio::task::{JoinError, JoinSet, spawn_blocking};

#[tokio::main]
pub async fn main() -> Result<(), JoinError> {
    // The pool would start a thread for each job. To compute, one for each core is plenty.
    let places = Arc::new(Semaphore::new(2));
    println!("8 jobs, {} at once", most_at_once(places).await?);
    Ok(())
}

async fn most_at_once(places: Arc<Semaphore>) -> Result<usize, JoinError> {
    let room = Arc::new((AtomicUsize::new(0), Barrier::new(2)));
    let mut callers = JoinSet::new();
    for _ in 0..8 {
        let (places, room) = (places.clone(), room.clone());
        callers.spawn(bounded(places, move || job(&room.0, &room.1)));
    }
    let mut most = 0;
    while let Some(caller) = callers.join_next().await {
        most = most.max(caller??);
    }
    Ok(most)
}

/// Returns how many jobs run, this one included. Two must meet: one by one, none would end.
fn job(running: &AtomicUsize, pair: &Barrier) -> usize {
    // Nothing but the number itself is read by it: `Relaxed` is enough.
    let at_once = running.fetch_add(1, Ordering::Relaxed) + 1;
    pair.wait();
    running.fetch_sub(1, Ordering::Relaxed);
    at_once
}

/// Waits for a place, then runs `job` in it. Dropped while it waits, it has run nothing; later, the
/// job runs to its end unheard, and keeps its place until then.
async fn bounded<T: Send + 'static>(
    places: Arc<Semaphore>,
    job: impl FnOnce() -> T + Send + 'static,
) -> Result<T, JoinError> {
    let place = places.acquire_owned().await.expect("this semaphore is never closed");
    spawn_blocking(move || {
        // Held here, not by the caller: a caller can go away, a running closure cannot.
        let _place = place;
        job()
    })
    .await
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

    fn places(count: usize) -> Arc<Semaphore> {
        Arc::new(Semaphore::new(count))
    }

    /// Polls once, by the task of the test, and returns the result without waiting.
    async fn poll_once<F: Future>(mut future: Pin<&mut F>) -> Poll<F::Output> {
        std::future::poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx))).await
    }

    /// Two is the fewest with which the pairs meet, and the most that is let in.
    /// Proves D-9-9.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn of_eight_jobs_exactly_two_run_at_once() {
        assert_eq!(most_at_once(places(2)).await.unwrap(), 2);
    }

    #[tokio::test]
    async fn one_job_more_than_places_waits_until_one_is_free() {
        let places = places(1);
        let (release, released) = mpsc::channel();
        let (started, starts) = mpsc::channel();
        let mut first = pin!(bounded(places.clone(), move || released.recv()));
        let mut second = pin!(bounded(places.clone(), move || started.send("second")));
        assert!(poll_once(first.as_mut()).await.is_pending());
        assert!(poll_once(second.as_mut()).await.is_pending());
        assert_eq!(places.available_permits(), 0);

        release.send("first").unwrap();
        assert_eq!(first.await.unwrap(), Ok("first"));
        second.await.unwrap().unwrap();
        assert_eq!(starts.recv(), Ok("second"));
        assert_eq!(places.available_permits(), 1);
    }

    #[tokio::test]
    async fn a_caller_that_goes_away_leaves_its_place_taken_until_its_job_ends() {
        let places = places(1);
        let (release, released) = mpsc::channel();
        let (log, entries) = mpsc::channel();
        {
            let job = move || {
                log.send("running").unwrap();
                log.send(released.recv().unwrap()).unwrap();
            };
            let mut caller = pin!(bounded(places.clone(), job));
            assert!(poll_once(caller.as_mut()).await.is_pending());
        }
        assert_eq!(entries.recv(), Ok("running"));
        assert_eq!(places.available_permits(), 0);

        release.send("unheard").unwrap();
        assert_eq!(bounded(places, || "next").await.unwrap(), "next");
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
        let places = places(1);
        let place = places.acquire().await;
        let (started, starts) = mpsc::channel();
        {
            let mut caller = pin!(bounded(places.clone(), move || started.send(())));
            assert!(poll_once(caller.as_mut()).await.is_pending());
        }
        drop(place);
        assert_eq!(places.available_permits(), 1);
        assert_eq!(starts.recv(), Err(mpsc::RecvError));
    }

    #[tokio::test]
    async fn a_panic_is_an_error_and_frees_the_place() {
        let places = places(1);
        let error = bounded(places.clone(), || panic!("on purpose")).await.unwrap_err();
        assert_eq!(*error.into_panic().downcast::<&str>().unwrap(), "on purpose");
        assert_eq!(places.available_permits(), 1);
    }

    /// It keeps its place meanwhile: a task must await one after the other.
    #[test]
    fn a_job_that_awaits_a_job_of_the_same_places_hangs() {
        let ended = in_child(Duration::from_secs(1), || {
            let runtime = Builder::new_multi_thread().worker_threads(1).build().unwrap();
            let (places, inner) = (places(1), runtime.handle().clone());
            println!("begun");
            let outer = bounded(places.clone(), move || inner.block_on(bounded(places, || 7)));
            println!("ended: {:?}", runtime.block_on(outer));
        });
        assert!(ended.hung, "{ended:#?}");
        assert!(ended.stdout.contains("begun") && !ended.stdout.contains("ended"), "{ended:#?}");
    }

    #[tokio::test]
    async fn a_job_may_await_a_job_of_other_places() {
        let (inner, runtime) = (places(1), Handle::current());
        let outer = bounded(places(1), move || runtime.block_on(bounded(inner, || 7)));
        assert_eq!(outer.await.unwrap().unwrap(), 7);
    }
}
