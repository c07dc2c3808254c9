//! Guide 4.1 — `select!` takes the first result, and drops the other futures.
//!
//! A dropped future frees what it owns: it closes its connection and stops. A dropped `JoinHandle`
//! does not stop its task: the task runs on.
//!
//! Fails first: the test `the_faster_mirror_wins` fails.

/// The page of the mirror that answers first.
async fn fastest<F>(first: F, second: F) -> String
where
    F: Future<Output = String> + Send + 'static,
{
    // TODO: The second mirror may be faster.
    let _ = second;
    first.await
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::paused;
    use std::sync::Arc;
    use std::time::Duration;
    use tokio::time::{Instant, sleep};

    async fn mirror(seconds: u64, open: Arc<()>) -> String {
        sleep(Duration::from_secs(seconds)).await;
        drop(open);
        format!("after {seconds} s")
    }

    #[test]
    fn the_faster_mirror_wins() {
        for (first, second) in [(9, 2), (2, 9)] {
            paused(async move {
                let (start, connections) = (Instant::now(), Arc::new(()));
                let mirror = |seconds| mirror(seconds, connections.clone());
                assert_eq!(fastest(mirror(first), mirror(second)).await, "after 2 s");
                assert_eq!(start.elapsed(), Duration::from_secs(2));
                assert_eq!(Arc::strong_count(&connections), 1, "a connection is still open");
            });
        }
    }
}
