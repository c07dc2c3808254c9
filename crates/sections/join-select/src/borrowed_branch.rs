//! Deep dive 11.5 — A future that `select!` only borrows keeps its progress when it loses the race.

use std::future::ready;
use std::pin::pin;
use tokio::time::{Duration, sleep};

#[tokio::main]
pub async fn main() {
    println!("{:?}", lose_and_go_on().await);
}

async fn lose_and_go_on() -> [&'static str; 2] {
    let mut slow = pin!(async {
        sleep(Duration::from_millis(10)).await;
        "finished"
    });
    let first = tokio::select! {
        biased;
        result = &mut slow => result,
        result = ready("lost") => result,
    };
    [first, slow.await]
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::Instant;

    /// Proves D-11-8.
    #[tokio::test(start_paused = true)]
    async fn a_borrowed_future_survives_the_race_it_loses() {
        let start = Instant::now();
        assert_eq!(lose_and_go_on().await, ["lost", "finished"]);
        assert_eq!(start.elapsed(), Duration::from_millis(10));
    }
}
