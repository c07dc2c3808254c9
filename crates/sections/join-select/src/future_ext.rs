//! Guide 4.3 — `map` changes the result of a future; `then` makes the next future from it.

use futures::FutureExt;
use tokio::time::{Duration, sleep};

#[tokio::main]
pub async fn main() {
    let result = async { 42 }.map(|x| x * 2).await;
    println!("結果: {result}");

    let result = async { 10 }.then(add_five).await;
    println!("結果: {result}");
}

async fn add_five(x: i32) -> i32 {
    sleep(Duration::from_millis(10)).await;
    x + 5
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::ready;
    use tokio::time::Instant;

    #[tokio::test]
    async fn map_changes_the_result() {
        assert_eq!(ready(42).map(|x| x * 2).await, 84);
    }

    #[tokio::test(start_paused = true)]
    async fn then_awaits_a_second_future() {
        let start = Instant::now();
        assert_eq!(ready(10).then(add_five).await, 15);
        assert_eq!(start.elapsed(), Duration::from_millis(10));
    }
}
