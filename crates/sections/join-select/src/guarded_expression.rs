//! Deep dive 11.5 — The `if` of a branch keeps its future from being polled, not from being made.

use std::future::ready;

#[tokio::main]
pub async fn main() {
    println!("paused, the queue in the expression: {:?}", expression(true).await);
    println!("paused, the queue in an async block: {:?}", block(true).await);
}

async fn run(_job: Option<&str>) {}

/// Bad. `select!` calls `pop` and `run` first, and then leaves alone what they have made.
async fn expression(paused: bool) -> Vec<&'static str> {
    let mut queue = vec!["second", "first"];
    tokio::select! {
        biased;
        () = run(queue.pop()), if !paused => {}
        () = ready(()) => {}
    }
    queue
}

/// Good. An async block does nothing until it is polled.
async fn block(paused: bool) -> Vec<&'static str> {
    let mut queue = vec!["second", "first"];
    tokio::select! {
        biased;
        () = async { run(queue.pop()).await }, if !paused => {}
        () = ready(()) => {}
    }
    queue
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::Ready;

    #[tokio::test]
    async fn a_branch_that_is_switched_off_takes_a_job_and_drops_it() {
        assert_eq!(expression(true).await, ["second"]);
    }

    #[tokio::test]
    async fn a_block_that_is_switched_off_takes_none() {
        assert_eq!(block(true).await, ["second", "first"]);
    }

    #[tokio::test]
    async fn a_branch_that_is_on_takes_one_either_way() {
        assert_eq!((expression(false).await, block(false).await), (vec!["second"], vec!["second"]));
    }

    /// The form in which people meet it: the guard is there for the `unwrap`.
    #[tokio::test]
    #[should_panic = "called `Option::unwrap()` on a `None` value"]
    async fn a_guard_does_not_keep_an_unwrap_from_its_panic() {
        let job: Option<Ready<()>> = None;
        tokio::select! {
            () = job.clone().unwrap(), if job.is_some() => {}
            else => {}
        }
    }

    #[tokio::test]
    async fn in_a_block_the_guard_keeps_it() {
        let mut job: Option<Ready<()>> = None;
        let is_there = job.is_some();
        let ran = tokio::select! {
            () = async { job.as_mut().unwrap().await }, if is_there => true,
            else => false,
        };
        assert!(!ran);
    }
}
