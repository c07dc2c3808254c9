//! Guide 4.1 — `join!` takes as long as its slowest future.

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
    // One task polls both: while one is pending, the other goes on.
    let (weather, traffic) = tokio::join!(weather(), traffic());
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
