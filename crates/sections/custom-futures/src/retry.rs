//! Guide 2.5 — A retry always ends: each attempt, each pause and their number have a limit.
//!
//! To take to work: `cargo run -- copy retry`.

use std::future::pending;
use thiserror::Error;
use tokio::time::{Duration, sleep, timeout};

const LIMIT: Duration = Duration::from_millis(20);

#[tokio::main]
pub async fn main() {
    for path in ["/recovers", "/stalls", "/missing"] {
        let mut attempt = 0;
        let operation = || {
            attempt += 1;
            fetch(path, attempt)
        };
        match retry(operation).await {
            Ok(value) => println!("{path}: 成功: {value} (attempt {attempt})"),
            Err(error) => println!("{path}: エラー: {error} (attempt {attempt})"),
        }
    }
}

#[derive(Debug, PartialEq, Error)]
enum RetryError {
    #[error("{0}")]
    Failed(u16),
    #[error("タイムアウト")]
    TimedOut,
}

async fn fetch(path: &str, attempt: u32) -> Result<&'static str, u16> {
    match (path, attempt) {
        ("/recovers", 1) => Err(503),
        ("/recovers", 3) => Ok("完了"),
        ("/missing", _) => Err(404),
        _ => pending().await,
    }
}

/// Takes a function, not a future as `WithTimeout` does: a future cannot be begun anew.
async fn retry<T>(mut operation: impl AsyncFnMut() -> Result<T, u16>) -> Result<T, RetryError> {
    let mut attempt = async || match timeout(LIMIT, operation()).await {
        Ok(result) => result.map_err(RetryError::Failed),
        Err(_elapsed) => Err(RetryError::TimedOut),
    };
    for pause in [10, 20].map(Duration::from_millis) {
        match attempt().await {
            // These may pass. An error of the client's own stays.
            Err(RetryError::TimedOut | RetryError::Failed(500..)) => sleep(pause).await,
            result => return result,
        }
    }
    attempt().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::future::ready;
    use tokio::time::Instant;
    use utils::probe::DropLog;

    /// Runs a retry; returns its output, the moment each attempt starts and the whole time, in ms.
    async fn run<T, F: Future<Output = Result<T, u16>>>(
        mut operation: impl FnMut(usize) -> F,
    ) -> (Result<T, RetryError>, Vec<u128>, u128) {
        let start = Instant::now();
        let starts = RefCell::new(Vec::new());
        let operation = || {
            starts.borrow_mut().push(start.elapsed().as_millis());
            operation(starts.borrow().len())
        };
        let output = retry(operation).await;
        (output, starts.into_inner(), start.elapsed().as_millis())
    }

    #[tokio::test(start_paused = true)]
    async fn the_second_pause_is_twice_the_first_and_none_follows_the_last_attempt() {
        let ran = run(|attempt| ready(Err::<(), _>(500 + attempt as u16))).await;
        assert_eq!(ran, (Err(RetryError::Failed(503)), vec![0, 10, 30], 30));
    }

    /// Proves G-2.5-1.
    #[tokio::test(start_paused = true)]
    async fn every_attempt_has_its_own_limit() {
        let ran = run(|_| pending::<Result<(), u16>>()).await;
        assert_eq!(ran, (Err(RetryError::TimedOut), vec![0, 30, 70], 90));
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_success_ends_it() {
        let second = async |attempt| {
            sleep(Duration::from_millis(5)).await;
            if attempt == 2 { Ok("完了") } else { Err(503) }
        };
        assert_eq!(run(second).await, (Ok("完了"), vec![0, 15], 20));
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_that_will_stay_is_not_tried_again() {
        let ran = run(|_| ready(Err::<(), _>(404))).await;
        assert_eq!(ran, (Err(RetryError::Failed(404)), vec![0], 0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_late_attempt_is_dropped_before_the_next() {
        let log = DropLog::new();
        let operation = || {
            log.note("attempt");
            let guard = log.guard("dropped");
            async move {
                let _guard = guard;
                pending::<Result<(), u16>>().await
            }
        };
        assert_eq!(retry(operation).await, Err(RetryError::TimedOut));
        assert_eq!(log.entries(), ["attempt", "dropped"].repeat(3));
    }
}
