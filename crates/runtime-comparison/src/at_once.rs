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

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;
    use std::thread::available_parallelism;
    use utils::probe::Child;

    fn on_smol(limit: Duration) -> bool {
        smol::block_on(async {
            let (second_runs, wait_for_second) = channel();
            let first = smol::spawn(async move { is_joined_by_another(&wait_for_second, limit) });
            smol::spawn(async move { second_runs.send(()) }).detach();
            first.await
        })
    }

    /// In processes of their own: the variable is read when the first task is spawned.
    /// Proves G-8.1-3, G-8.1-4.
    #[test]
    fn smol_runs_two_tasks_at_once_only_if_asked_to() {
        const CHILD: &str = "AT_ONCE_CHILD";
        const THREADS: &str = "SMOL_THREADS";
        if std::env::var_os(CHILD).is_some() {
            let asked = std::env::var_os(THREADS).is_some();
            assert_eq!(on_smol(if asked { FREE } else { STUCK }), asked);
            return;
        }
        for threads in [None, Some("2")] {
            let mut command = Command::new(std::env::current_exe().unwrap());
            let this = "at_once::tests::smol_runs_two_tasks_at_once_only_if_asked_to";
            command.args([this, "--exact"]).env(CHILD, "").env_remove(THREADS);
            command.envs(threads.map(|number| (THREADS, number)));
            let ended = Child::start(&mut command).end();
            assert!(ended.status.success(), "{threads:?}: {ended:#?}");
            assert!(ended.stdout.contains("1 passed"), "{ended:#?}");
        }
    }

    /// Proves G-8.1-3.
    #[test]
    fn tokio_and_async_std_have_a_thread_for_each_core() {
        let cores = available_parallelism().unwrap().get();
        if cores == 1 {
            return;
        }
        let tokio = tokio::runtime::Runtime::new().unwrap();
        let at_once = tokio.block_on(async {
            let (second_runs, wait_for_second) = channel();
            let first = tokio::spawn(async move { is_joined_by_another(&wait_for_second, FREE) });
            tokio::spawn(async move { second_runs.send(()) });
            first.await.unwrap()
        });
        assert!(at_once);
        let at_once = async_std::task::block_on(async {
            let (second_runs, wait_for_second) = channel();
            let first =
                async_std::task::spawn(async move { is_joined_by_another(&wait_for_second, FREE) });
            async_std::task::spawn(async move { second_runs.send(()) });
            first.await
        });
        assert!(at_once);
    }
}
