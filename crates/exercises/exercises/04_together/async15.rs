//! Guide 4.4 — A `JoinSet` gives results as they come.
//!
//! A list of handles, awaited in order, makes the fast ones wait for the slow ones. A task that
//! panics is an error of its own handle: the others go on.
//!
//! Fails first: the test `results_come_as_they_are_ready` fails.

use tokio::task::JoinSet;

/// What the tasks return, as they end, and the number of those that panicked.
async fn collect(tasks: JoinSet<u32>) -> (Vec<u32>, usize) {
    // TODO: `join_all` waits for all of them, and panics if one of them did.
    (tasks.join_all().await, 0)
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::paused;
    use std::time::Duration;
    use tokio::time::sleep;

    #[test]
    fn results_come_as_they_are_ready() {
        paused(async {
            let mut tasks = JoinSet::new();
            for seconds in [3, 0, 2, 1] {
                tasks.spawn(async move {
                    sleep(Duration::from_secs(seconds)).await;
                    assert!(seconds > 0, "this task panics on purpose");
                    seconds as u32
                });
            }
            assert_eq!(collect(tasks).await, (vec![1, 2, 3], 1));
        });
    }
}
