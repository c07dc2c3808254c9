//! Deep dive 11.5 — While a handler of `select!` awaits, nobody polls the branch that it waits for.

use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::{Duration, timeout};

const JOBS: usize = 10;

// The clock is paused: an hour in which nothing happens takes no time.
#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn main() {
    println!("the handler sends: {} of {JOBS} results", within_an_hour(handler_sends).await);
    println!("a branch sends: {} of {JOBS} results", within_an_hour(branch_sends).await);
}

type Results = Vec<usize>;

/// Returns how many results there are when all are there, or after an hour.
async fn within_an_hour(collect: impl AsyncFnOnce(&mut Results)) -> usize {
    let mut results = Results::new();
    let _ = timeout(Duration::from_secs(3600), collect(&mut results)).await;
    results.len()
}

/// Starts a worker, which does not take a job before the result of the last one is taken.
fn worker() -> (Sender<usize>, Receiver<usize>) {
    let ((work, mut jobs), (done, results)) = (channel(1), channel(1));
    tokio::spawn(async move {
        while let Some(job) = jobs.recv().await {
            // An error is the end of the program: nobody wants results any more.
            let _ = done.send(job).await;
        }
    });
    (work, results)
}

/// Bad. Both queues fill: the worker waits in its `send` for this task, and this task in its own.
async fn handler_sends(got: &mut Results) {
    let ((work, mut results), mut jobs) = (worker(), 0..JOBS);
    while got.len() < JOBS {
        tokio::select! {
            biased;
            Some(job) = async { jobs.next() } => work.send(job).await.expect("the worker runs"),
            Some(result) = results.recv() => got.push(result),
        }
    }
}

/// Good. The wait for a place is a branch, beside the other one, and no handler awaits.
async fn branch_sends(got: &mut Results) {
    let ((work, mut results), mut jobs) = (worker(), 0..JOBS);
    while got.len() < JOBS {
        tokio::select! {
            biased;
            Ok(place) = work.reserve(), if !jobs.is_empty() => {
                place.send(jobs.next().expect("there is one"));
            }
            Some(result) = results.recv() => got.push(result),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::future::poll_fn;
    use std::task::Poll;
    use tokio::time::sleep;

    #[tokio::test(start_paused = true)]
    async fn a_handler_that_waits_for_another_branch_gets_no_result() {
        assert_eq!(within_an_hour(handler_sends).await, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn as_a_branch_the_same_wait_ends() {
        assert_eq!(within_an_hour(branch_sends).await, JOBS);
    }

    /// Also the one that is kept for the next round stands still.
    #[tokio::test(start_paused = true)]
    async fn no_branch_is_polled_while_a_handler_runs() {
        let polls = Cell::new(0);
        let mut other = poll_fn(|_| {
            polls.set(polls.get() + 1);
            Poll::<()>::Pending
        });
        tokio::select! {
            biased;
            () = &mut other => {}
            () = async {} => for _ in 0..10 {
                sleep(Duration::from_secs(1)).await;
                assert_eq!(polls.get(), 1);
            }
        }
    }
}
