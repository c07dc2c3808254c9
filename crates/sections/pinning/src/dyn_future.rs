//! Guide 5.2 — Behind `Pin<Box<dyn Future>>`, futures of different types have one type.

use std::pin::Pin;
use tokio::time::{Duration, sleep};

#[tokio::main]
pub async fn main() {
    let futures: Vec<Pin<Box<dyn Future<Output = String> + Send>>> =
        vec![Box::pin(async { "at once".to_string() }), Box::pin(later(Duration::from_millis(10)))];
    for future in futures {
        println!("{}", execute_any(future).await);
    }
}

async fn execute_any(future: Pin<Box<dyn Future<Output = String> + Send>>) -> String {
    future.await
}

async fn later(delay: Duration) -> String {
    sleep(delay).await;
    format!("after {delay:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves G-5.2-3.
    #[tokio::test(start_paused = true)]
    async fn any_future_that_is_send_can_be_spawned_behind_dyn() {
        let boxed = Box::pin(later(Duration::from_millis(10)));
        let task = tokio::spawn(execute_any(boxed));
        assert_eq!(task.await.unwrap(), "after 10ms");
    }

    /// Proves G-5.2-3.
    #[test]
    fn two_pointers_whatever_the_future() {
        type Boxed = Pin<Box<dyn Future<Output = String> + Send>>;
        assert_eq!(size_of::<Boxed>(), 2 * size_of::<usize>());
    }
}
