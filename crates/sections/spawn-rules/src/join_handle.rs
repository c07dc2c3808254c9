//! Guide FAQ Q4 — A `JoinHandle` returns the result, the panic, or the news that the task was aborted.

use std::future::pending;
use tokio::task::JoinHandle;

#[tokio::main]
pub async fn main() {
    println!("{}", how_it_ended(tokio::spawn(async { 42 })).await);

    let endless = tokio::spawn(pending());
    endless.abort();
    println!("{}", how_it_ended(endless).await);
}

async fn how_it_ended(handle: JoinHandle<u32>) -> String {
    match handle.await {
        Ok(value) => format!("result: {value}"),
        // The worker has caught it and printed it. Other tasks, this one too, go on.
        Err(error) if error.is_panic() => "panicked".to_string(),
        // By its handle, or by the end of the runtime.
        Err(_) => "aborted".to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::{Duration, sleep};
    use utils::probe::DropLog;

    #[tokio::test]
    async fn a_result_comes_through() {
        assert_eq!(how_it_ended(tokio::spawn(async { 42 })).await, "result: 42");
    }

    /// Proves G-Q4-5.
    #[tokio::test]
    async fn a_panic_becomes_an_error_with_its_message() {
        let panicking = || tokio::spawn(async { panic!("on purpose") });
        assert_eq!(how_it_ended(panicking()).await, "panicked");
        let error = panicking().await.unwrap_err();
        assert!(error.to_string().ends_with("panicked with message \"on purpose\""), "{error}");
        assert_eq!(error.into_panic().downcast_ref(), Some(&"on purpose"));
    }

    #[tokio::test]
    async fn an_abort_drops_the_future_where_it_stands() {
        let log = DropLog::new();
        let guard = log.guard("dropped");
        let task = tokio::spawn(async move {
            let _guard = guard;
            pending::<()>().await
        });
        tokio::task::yield_now().await;
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
        assert_eq!(log.entries(), ["dropped"]);
    }

    #[tokio::test(start_paused = true)]
    async fn dropping_the_handle_does_not_abort() {
        let log = DropLog::new();
        let finished = log.clone();
        drop(tokio::spawn(async move {
            sleep(Duration::from_millis(10)).await;
            finished.note("finished");
        }));
        sleep(Duration::from_millis(11)).await;
        assert_eq!(log.entries(), ["finished"]);
    }

    #[tokio::test]
    async fn a_finished_task_cannot_be_aborted() {
        let task = tokio::spawn(async { 42 });
        while !task.is_finished() {
            tokio::task::yield_now().await;
        }
        task.abort();
        assert_eq!(task.await.unwrap(), 42);
    }
}
