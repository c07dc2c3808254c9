//! Guide 4.1 — `join!` takes as long as its slowest future.
//!
//! Two `.await`s in a row take as long as both together. A future makes no progress before it is
//! polled, even if it was made early.
//!
//! Fails first: the test `both_take_as_long_as_the_slower` fails.

use std::time::Duration;
use tokio::time::sleep;

async fn weather() -> &'static str {
    sleep(Duration::from_secs(2)).await;
    "sunny"
}

async fn traffic() -> &'static str {
    sleep(Duration::from_secs(3)).await;
    "dense"
}

async fn report() -> String {
    // TODO: Neither question needs the answer of the other. Ask both at the same time.
    let weather = weather().await;
    let traffic = traffic().await;
    format!("{weather}, {traffic}")
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::paused;
    use std::time::Duration;
    use tokio::time::Instant;

    #[test]
    fn both_take_as_long_as_the_slower() {
        paused(async {
            let start = Instant::now();
            assert_eq!(report().await, "sunny, dense");
            assert_eq!(start.elapsed(), Duration::from_secs(3));
        });
    }
}
