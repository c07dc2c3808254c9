//! Guide 1.3 — Tasks share a thread because each task gives it back.

/// Sums up the numbers below `end`, in pieces of 1,000.
async fn sum(end: u64) -> u64 {
    let mut sum = 0;
    for piece in (0..end).step_by(1_000) {
        sum += (piece..end.min(piece + 1_000)).sum::<u64>();
        // It is pending once and wakes its own task, which then is behind the others in the queue.
        tokio::task::yield_now().await;
    }
    sum
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::paused;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn the_neighbour_runs_after_each_piece() {
        static RUNS: AtomicU32 = AtomicU32::new(0);
        paused(async {
            let neighbour = tokio::spawn(async {
                loop {
                    RUNS.fetch_add(1, Ordering::Relaxed);
                    tokio::task::yield_now().await;
                }
            });
            assert_eq!(sum(10_000).await, 49_995_000);
            assert_eq!(RUNS.load(Ordering::Relaxed), 10);
            neighbour.abort();
        });
    }
}
