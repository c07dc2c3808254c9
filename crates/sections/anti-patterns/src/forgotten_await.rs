//! Guide 9.2 — A future that is not awaited does nothing; a spawned one is safe only if it is joined.

use tokio::task::JoinError;

#[tokio::main]
pub async fn main() -> Result<(), JoinError> {
    println!("bad_example:");
    bad_example().await;

    println!("good_example:");
    good_example().await
}

/// Prints nothing: the call only makes a future, and it is dropped at the semicolon.
#[expect(unused_must_use, reason = "the forgotten `.await` is the point")]
async fn bad_example() {
    send_notification();
}

/// Prints two lines, the second from a task of its own.
async fn good_example() -> Result<(), JoinError> {
    send_notification().await;

    let background = tokio::spawn(send_notification());
    // Other work goes here. Without the handle, a runtime that ends first loses the task.
    background.await
}

async fn send_notification() {
    println!("通知送信");
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use utils::probe::{DropLog, Ended, in_child};

    const LIMIT: Duration = Duration::from_secs(60);

    fn notifications(ended: &Ended) -> usize {
        assert!(ended.status.success(), "{ended:#?}");
        ended.stdout.matches("通知送信").count()
    }

    fn on_one_thread(future: impl Future) {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future);
    }

    /// Proves G-9.2-1.
    #[test]
    fn the_bad_example_prints_nothing() {
        let ended = in_child(LIMIT, || on_one_thread(bad_example()));
        assert_eq!(notifications(&ended), 0);
    }

    /// Proves G-9.2-3.
    #[test]
    fn the_good_example_prints_both_lines() {
        let ended = in_child(LIMIT, || on_one_thread(good_example()));
        assert_eq!(notifications(&ended), 2);
    }

    /// The document's form. With more threads the second line comes or not, by chance.
    /// Proves G-9.2-3.
    #[test]
    fn a_detached_task_is_lost_when_the_runtime_ends_first() {
        let ended = in_child(LIMIT, || {
            on_one_thread(async {
                send_notification().await;
                tokio::spawn(send_notification());
            });
        });
        assert_eq!(notifications(&ended), 1);
    }

    #[test]
    fn a_lost_task_is_dropped_before_its_first_poll() {
        let log = DropLog::new();
        on_one_thread(async {
            let (polled, argument) = (log.clone(), log.guard("dropped"));
            tokio::spawn(async move {
                polled.note("polled");
                drop(argument);
            });
        });
        assert_eq!(log.entries(), ["dropped"]);
    }

    /// Proves G-9.2-2.
    #[test]
    #[expect(clippy::let_underscore_future, reason = "it silences the compiler, and that is all")]
    fn an_underscore_silences_the_warning_and_runs_nothing() {
        let ended = in_child(LIMIT, || {
            on_one_thread(async {
                let _ = send_notification();
            });
        });
        assert_eq!(notifications(&ended), 0);
    }
}
