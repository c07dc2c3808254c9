//! Guide 4.2 — A `JoinSet` gives results as they come.

use tokio::task::JoinSet;

/// Returns the results of the tasks in the order in which they end, and the number of panics.
async fn collect(mut tasks: JoinSet<u32>) -> (Vec<u32>, usize) {
    let (mut values, mut panics) = (Vec::new(), 0);
    while let Some(result) = tasks.join_next().await {
        // An error is a panic or an abort. Nobody aborts a task here.
        match result {
            Ok(value) => values.push(value),
            Err(error) => panics += usize::from(error.is_panic()),
        }
    }
    (values, panics)
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
