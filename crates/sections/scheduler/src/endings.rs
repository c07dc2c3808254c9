//! Deep dive 6.5 — A task ends with its value, its panic or its abort; its thread runs on.

use std::future::pending;
use std::panic::resume_unwind;
use tokio::task::JoinHandle;

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("finished: {}", outcome(tokio::spawn(async { "value" })).await);
    println!("panicked: {}", outcome(tokio::spawn(async { panicking() })).await);
    let endless = tokio::spawn(pending());
    endless.abort();
    println!("aborted: {}", outcome(endless).await);
}

/// How a task ended.
async fn outcome(task: JoinHandle<&'static str>) -> String {
    let error = match task.await {
        Ok(value) => return format!("Ok: {value}"),
        Err(error) => error,
    };
    match error.try_into_panic() {
        Ok(payload) => match payload.downcast_ref::<&str>() {
            Some(message) => format!("panic: {message}"),
            None => "panic".to_string(),
        },
        // The only other reason, be it by `abort` or by the end of the runtime.
        Err(_cancelled) => "cancelled".to_string(),
    }
}

/// Unwinds as `panic!` does, without its message on stderr.
fn panicking() -> &'static str {
    resume_unwind(Box::new("on purpose"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;
    use tokio::task::yield_now;
    use utils::probe::{DropLog, Polls};

    /// Proves D-6-14.
    #[tokio::test]
    async fn a_panic_is_a_result_and_its_thread_lives_on() {
        let error = tokio::spawn(async { panicking() }).await.unwrap_err();
        assert!(error.is_panic() && !error.is_cancelled());
        assert_eq!(error.into_panic().downcast_ref(), Some(&"on purpose"));
        let after = tokio::spawn(async { thread::current().id() });
        assert_eq!(after.await.unwrap(), thread::current().id());
    }

    /// Proves D-6-14.
    #[tokio::test]
    async fn an_aborted_task_is_never_polled_again() {
        let polls = Polls::new();
        let task = tokio::spawn(polls.of(pending()));
        yield_now().await;
        task.abort();
        assert_eq!(outcome(task).await, "cancelled");
        assert_eq!(polls.count(), 1);
    }

    #[tokio::test]
    async fn a_task_aborted_before_its_first_poll_never_starts() {
        let polls = Polls::new();
        let task = tokio::spawn(polls.of(async { "value" }));
        task.abort();
        assert_eq!(outcome(task).await, "cancelled");
        assert_eq!(polls.count(), 0);
    }

    #[tokio::test]
    async fn an_abort_after_the_end_changes_nothing() {
        let task = tokio::spawn(async { "value" });
        yield_now().await;
        task.abort();
        assert_eq!(outcome(task).await, "Ok: value");
    }

    #[tokio::test]
    async fn a_runtime_that_ends_drops_the_tasks_that_wait() {
        let log = DropLog::new();
        let local = log.guard("dropped");
        let other = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let task = other.spawn(async move {
            let _local = local;
            pending().await
        });
        assert_eq!(log.entries(), Vec::<&str>::new());
        other.shutdown_background();
        assert_eq!(log.entries(), ["dropped"]);
        assert_eq!(outcome(task).await, "cancelled");
    }
}
