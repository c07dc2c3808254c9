//! Guide FAQ Q4 — `join!` can borrow and is cancelled with its caller; a spawned task does neither.

use tokio::task::JoinError;
use tokio::time::{Duration, sleep};

#[tokio::main]
pub async fn main() -> Result<(), JoinError> {
    let (a, b) = tokio::join!(number(1), number(2));
    let handle = tokio::spawn(number(3));
    println!("{a} {b} {}", handle.await?);

    println!("{:?}", lengths("hello", "ab").await);
    Ok(())
}

/// Two futures of one task: they may borrow from it.
async fn lengths(a: &str, b: &str) -> (usize, usize) {
    tokio::join!(length(a), length(b))
}

async fn length(text: &str) -> usize {
    sleep(Duration::from_millis(10)).await;
    text.len()
}

async fn number(n: u32) -> u32 {
    sleep(Duration::from_millis(10)).await;
    n
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::AssertUnwindSafe;
    use tokio::time::{Instant, timeout};
    use utils::probe::DropLog;

    /// Ends after 100 ms of virtual time, if it is not dropped before.
    async fn slow(log: DropLog, name: &'static str) {
        let _guard = log.guard(name);
        sleep(Duration::from_millis(100)).await;
        log.note("finished");
    }

    /// Proves G-Q4-4, G-まとめ-4.
    #[tokio::test(start_paused = true)]
    async fn a_join_may_borrow() {
        let start = Instant::now();
        assert_eq!(lengths("hello", "ab").await, (5, 2));
        assert_eq!(start.elapsed(), Duration::from_millis(10), "both at once");
    }

    /// Proves G-Q4-3.
    #[tokio::test(start_paused = true)]
    async fn a_join_is_cancelled_with_its_caller() {
        let log = DropLog::new();
        let both = async { tokio::join!(slow(log.clone(), "a"), slow(log.clone(), "b")) };
        timeout(Duration::from_millis(20), both).await.unwrap_err();
        assert_eq!(log.entries(), ["a", "b"]);
    }

    /// Proves G-Q4-2.
    #[tokio::test(start_paused = true)]
    async fn a_spawned_task_goes_on_without_its_caller() {
        let log = DropLog::new();
        drop(tokio::spawn(slow(log.clone(), "dropped")));
        sleep(Duration::from_millis(101)).await;
        assert_eq!(log.entries(), ["finished", "dropped"]);
    }

    /// Proves G-Q2-4, G-Q4-2.
    #[test]
    fn a_spawned_task_ends_with_its_runtime() {
        let log = DropLog::new();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            tokio::spawn(slow(log.clone(), "dropped"));
            tokio::task::yield_now().await;
        });
        assert_eq!(log.entries(), Vec::<&str>::new(), "begun and neither finished nor dropped");
        drop(runtime);
        assert_eq!(log.entries(), ["dropped"]);
    }

    /// Proves G-Q4-5.
    #[tokio::test]
    async fn a_panic_in_a_branch_of_a_join_is_a_panic_of_the_caller() {
        use futures_util::FutureExt;
        let both = async { tokio::join!(async { panic!("branch") }, number(1)) };
        let panic = AssertUnwindSafe(both).catch_unwind().await.unwrap_err();
        assert_eq!(panic.downcast_ref(), Some(&"branch"));
    }
}
