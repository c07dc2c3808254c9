//! Guide 4.2 — A `JoinSet` gives results as they come.
//!
//! If you await a list of handles in order, the results of fast tasks wait for the slow tasks. If a
//! task panics, `join_next` returns an error for this task, and the other tasks go on.
//!
//! Fails first: the test `results_come_as_they_are_ready` fails.

use tokio::task::JoinSet;

/// Returns the results of the tasks in the order in which they end, and the number of panics.
async fn collect(tasks: JoinSet<u32>) -> (Vec<u32>, usize) {
    // TODO: `join_all` panics if one of the tasks has panicked.
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
