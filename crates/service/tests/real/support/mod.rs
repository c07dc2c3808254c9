//! What the tests share: the service as a process, those that it talks to, and limits for all that waits.

pub mod client;
pub mod collector;
pub mod database;
pub mod process;
pub mod service;
pub mod upstream;

pub use service::{Service, Setup};

use std::io::Write;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// Longer than anything here takes, even on a loaded machine: only a hang reaches it.
pub const WATCHDOG: Duration = Duration::from_secs(120);

/// Waits for what comes from another process, and panics if that hangs.
pub async fn limited<T>(what: &str, future: impl Future<Output = T>) -> T {
    let done = timeout(WATCHDOG, future).await;
    done.unwrap_or_else(|_| panic!("{what}: it has not come in {WATCHDOG:?}"))
}

/// Asks again and again, until the answer is `Some`: for what another process does not report.
pub async fn eventually<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let asked = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            sleep(Duration::from_millis(5)).await;
        }
    };
    limited(what, asked).await
}

/// Says that a test checks nothing here, as the CI counts it. `cargo test` hides what a test prints
/// that passes, but not what it writes.
pub fn skipped(why: &str) {
    let _ = writeln!(std::io::stderr(), "\n!!! SKIPPED: {why}");
}
