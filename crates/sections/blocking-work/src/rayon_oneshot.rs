//! Deep dive 9.3 — Rayon computes on its own threads; a oneshot brings the result without `spawn_blocking`.

use rayon::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use tokio::sync::oneshot;

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let numbers: Vec<u64> = (1..=1_000_000).collect();
    let sum: u64 = on_all_cores(move || numbers.par_iter().map(|n| n % 7).sum()).await;
    println!("sum of a million remainders: {sum}");
}

/// Runs `job` among the threads of rayon, as many as there are cores, while this one is free.
///
/// Dropped before `job` has begun, it has run nothing; later, the job runs to its end unheard.
///
/// # Panics
///
/// If `job` does. Rayon itself would end the process.
async fn on_all_cores<T: Send + 'static>(job: impl FnOnce() -> T + Send + 'static) -> T {
    let (result, outcome) = oneshot::channel();
    rayon::spawn(move || {
        // The caller went away while this was queued: nobody wants the result.
        if result.is_closed() {
            return;
        }
        // The panic goes on in the caller, as if the job had run there: what it left half done is
        // seen by nobody who would not have seen it then.
        let finished = catch_unwind(AssertUnwindSafe(job));
        // Refused if the caller has gone away meanwhile.
        let _ = result.send(finished);
    });
    match outcome.await.expect("the job sends while its caller waits") {
        Ok(value) => value,
        Err(panic) => resume_unwind(panic),
    }
}

#[cfg(test)]
#[cfg(tokio_unstable)] // asks Tokio for what it has with this flag only
mod tests {
    use super::*;
    use std::pin::pin;
    use std::sync::{Arc, OnceLock, mpsc};
    use std::task::{Context, Waker};
    use std::thread;
    use std::time::Duration;
    use tokio::runtime::Handle;
    use tokio::task::spawn_blocking;
    use utils::probe::{Polls, in_child};

    #[tokio::test]
    async fn the_sum_is_that_of_one_thread() {
        let numbers: Vec<u64> = (1..=1_000_000).collect();
        let alone: u64 = numbers.iter().map(|n| n % 7).sum();
        let parallel = on_all_cores(move || numbers.par_iter().map(|n| n % 7).sum::<u64>()).await;
        assert_eq!(parallel, alone);
        assert_eq!(parallel, 2_999_998);
    }

    /// Proves D-0-11, D-9-11.
    #[tokio::test]
    async fn the_job_runs_on_rayon_and_starts_no_blocking_thread() {
        assert!(on_all_cores(rayon::current_thread_index).await.is_some());
        assert_eq!(Handle::current().metrics().num_blocking_threads(), 0);
    }

    /// The pitfall: a second thread that does nothing but wait.
    /// Proves D-9-11.
    #[tokio::test]
    async fn with_spawn_blocking_around_rayon_a_thread_of_the_pool_only_waits() {
        let (waiting, computing) = spawn_blocking(|| {
            let computing = rayon::scope(|_| thread::current().id());
            (thread::current().id(), computing)
        })
        .await
        .unwrap();
        assert_ne!(waiting, computing);
        assert_eq!(Handle::current().metrics().num_blocking_threads(), 1);
    }

    /// Proves D-12-11.
    #[tokio::test]
    async fn the_caller_is_polled_twice_and_its_thread_is_free_meanwhile() {
        let polls = Polls::new();
        let (begin, begun) = mpsc::channel();
        let neighbour = tokio::spawn(async move { begin.send("neighbour") });
        let job = polls.of(on_all_cores(move || begun.recv()));
        assert_eq!(job.await, Ok("neighbour"));
        assert_eq!(polls.count(), 2);
        neighbour.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn a_panic_of_the_job_is_one_of_its_caller_with_its_message() {
        let caller = tokio::spawn(on_all_cores(|| panic!("on purpose")));
        let panic = caller.await.unwrap_err().into_panic();
        assert_eq!(*panic.downcast::<&str>().unwrap(), "on purpose");
    }

    /// The other pitfall, with nothing but `spawn` and `send`.
    /// Proves D-9-11.
    #[test]
    fn uncaught_a_panic_on_rayon_aborts_the_process() {
        let ended = in_child(Duration::from_secs(60), || {
            rayon::spawn(|| panic!("on purpose"));
            loop {
                thread::park();
            }
        });
        assert!(!ended.hung && !ended.status.success(), "{ended:#?}");
        assert!(ended.stderr.contains("on purpose"), "{ended:#?}");
        assert!(ended.stderr.contains("Rayon: detected unexpected panic; aborting"), "{ended:#?}");
    }

    #[test]
    fn a_caller_that_goes_away_leaves_a_running_job_alone() {
        let (release, released) = mpsc::channel();
        let (log, entries) = mpsc::channel();
        {
            let mut caller = pin!(on_all_cores(move || {
                log.send("running").unwrap();
                log.send(released.recv().unwrap()).unwrap();
            }));
            assert!(caller.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
            assert_eq!(entries.recv(), Ok("running"));
        }
        release.send("unheard").unwrap();
        assert_eq!(entries.recv(), Ok("unheard"));
    }

    #[test]
    fn a_caller_that_goes_away_before_its_job_begins_has_run_nothing() {
        let (started, starts) = mpsc::channel();
        let gate = Arc::new(OnceLock::new());
        rayon::spawn_broadcast({
            let gate = Arc::clone(&gate);
            move |_| {
                started.send(()).unwrap();
                gate.wait();
            }
        });
        let all = rayon::current_num_threads();
        assert_eq!(starts.iter().take(all).count(), all);

        let (ran, runs) = mpsc::channel();
        {
            let mut caller = pin!(on_all_cores(move || ran.send(())));
            assert!(caller.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        }
        gate.set(()).unwrap();
        assert_eq!(runs.recv(), Err(mpsc::RecvError));
    }
}
