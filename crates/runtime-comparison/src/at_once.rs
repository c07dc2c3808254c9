//! Guide 8.1 — smol's global executor has one thread unless told otherwise; Tokio one a core.

use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Long enough to be sure of a task that cannot start.
const STUCK: Duration = Duration::from_millis(100);
/// Far longer than a task that can start ever needs.
const FREE: Duration = Duration::from_secs(5);

pub fn main() -> std::io::Result<()> {
    let tokio = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build()?;
    let at_once = tokio.block_on(async {
        let (second_runs, wait_for_second) = channel();
        let first = tokio::spawn(async move { is_joined_by_another(&wait_for_second, FREE) });
        tokio::spawn(async move { second_runs.send(()) });
        first.await.is_ok_and(|at_once| at_once)
    });
    println!("tokio, two workers: {}", in_words(at_once));

    let at_once = smol::block_on(async {
        let (second_runs, wait_for_second) = channel();
        let first = smol::spawn(async move { is_joined_by_another(&wait_for_second, STUCK) });
        smol::spawn(async move { second_runs.send(()) }).detach();
        first.await
    });
    println!("smol: {}", in_words(at_once));
    Ok(())
}

/// Blocks its thread: another task can run meanwhile only on another thread.
fn is_joined_by_another(another: &Receiver<()>, limit: Duration) -> bool {
    another.recv_timeout(limit).is_ok()
}

fn in_words(at_once: bool) -> &'static str {
    if at_once { "two tasks at once" } else { "one task after the other" }
}
