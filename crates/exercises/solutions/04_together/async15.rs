//! Guide 2.5 — A timeout drops the future that takes too long.

use std::time::Duration;
use tokio::time::timeout;

const LIMIT: Duration = Duration::from_secs(2);

/// Tries up to three times, and gives each attempt two seconds.
async fn persistent<F: Future<Output = u32>>(attempt: impl Fn(u32) -> F) -> Option<u32> {
    for n in 1..=3 {
        // The attempt that takes too long is dropped here, before the next one begins.
        if let Ok(value) = timeout(LIMIT, attempt(n)).await {
            return Some(value);
        }
    }
    None
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::paused;
    use std::time::Duration;
    use tokio::time::{Instant, sleep};

    /// An attempt that answers after `seconds`.
    async fn answer(seconds: u64) -> u32 {
        sleep(Duration::from_secs(seconds)).await;
        7
    }

    #[test]
    fn a_slow_attempt_is_given_up_and_the_next_one_counts() {
        paused(async {
            let start = Instant::now();
            let attempt = |n| answer(if n < 3 { 60 } else { 1 });
            assert_eq!(persistent(attempt).await, Some(7));
            assert_eq!(start.elapsed(), Duration::from_secs(5));
        });
    }

    #[test]
    fn an_answer_ends_the_attempts() {
        paused(async {
            let start = Instant::now();
            assert_eq!(persistent(|_| answer(1)).await, Some(7));
            assert_eq!(start.elapsed(), Duration::from_secs(1));
        });
    }

    #[test]
    fn after_three_attempts_there_is_nothing() {
        paused(async {
            let start = Instant::now();
            assert_eq!(persistent(|_| answer(60)).await, None);
            assert_eq!(start.elapsed(), Duration::from_secs(6));
        });
    }
}
