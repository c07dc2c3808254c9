//! Guide FAQ Q5 — With `--cfg tokio_unstable` and `taskdump`, a program tells where tasks wait.

#![allow(
    unexpected_cfgs,
    reason = "cargo knows `tokio_unstable` only where a manifest declares it"
)]

use std::process::ExitCode;
use tokio::time::{Duration, sleep};

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> ExitCode {
    for id in 1..=3 {
        tokio::spawn(process_request(id));
    }
    let Some(traces) = task_dump().await else {
        eprintln!("error: a task dump takes RUSTFLAGS=\"--cfg tokio_unstable\" before `cargo run`");
        eprintln!("and Linux on aarch64, s390x, x86 or x86_64");
        return ExitCode::FAILURE;
    };
    println!("tasks in dump: {}", traces.len());
    traces.iter().for_each(|trace| println!("{trace}"));
    ExitCode::SUCCESS
}

/// Where each task of this runtime waits, from its own function down to what it awaits; `None`
/// where Tokio cannot tell.
///
/// Every task is polled for it, so this is for the moment when something hangs, not for a metric.
/// And for one worker: where there are more, one that is blocked keeps the dump waiting without end.
async fn task_dump() -> Option<Vec<String>> {
    #[cfg(all(
        tokio_unstable,
        target_os = "linux",
        any(
            target_arch = "aarch64",
            target_arch = "s390x",
            target_arch = "x86",
            target_arch = "x86_64"
        )
    ))]
    {
        let dump = tokio::runtime::Handle::current().dump().await;
        let traces = dump.tasks().iter().map(|task| task.trace().to_string());
        return Some(traces.collect());
    }
    #[allow(unreachable_code, reason = "reached where Tokio has no dump")]
    None
}

async fn process_request(id: u64) -> String {
    query_database(id).await
}

async fn query_database(id: u64) -> String {
    sleep(Duration::from_secs(60)).await;
    format!("結果: {id}")
}

#[cfg(test)]
#[cfg(all(
    tokio_unstable,
    target_os = "linux",
    any(
        target_arch = "aarch64",
        target_arch = "s390x",
        target_arch = "x86",
        target_arch = "x86_64"
    )
))]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;
    use tokio::runtime::Builder;
    use tokio::task::yield_now;
    use utils::probe::{Polls, in_child};

    /// Where `code` stands in this file.
    fn position(code: &str) -> String {
        let lines = include_str!("task_dump.rs").lines();
        let line = lines.take_while(|line| line.trim() != code).count() + 1;
        format!("task_dump.rs:{line}:")
    }

    /// The future given to `block_on` is no task, so it is not among them.
    /// Proves G-Q5-3.
    #[tokio::test]
    async fn every_task_has_a_trace_down_to_what_it_awaits() {
        for id in 1..=3 {
            tokio::spawn(process_request(id));
        }
        let traces = task_dump().await.unwrap();
        assert_eq!(traces.len(), 3);
        let expected = [
            position("query_database(id).await"),
            position("sleep(Duration::from_secs(60)).await;"),
            "<tokio::time::sleep::Sleep as core::future::future::Future>".to_string(),
        ];
        for trace in traces {
            assert!(trace.lines().count() >= expected.len(), "{trace}");
            for (line, expected) in trace.lines().zip(&expected) {
                assert!(line.contains(expected), "no {expected} in {trace}");
            }
        }
    }

    #[tokio::test]
    async fn a_task_that_has_ended_is_in_no_dump() {
        tokio::spawn(async {}).await.unwrap();
        assert_eq!(task_dump().await, Some(Vec::new()));
    }

    #[tokio::test]
    async fn a_dump_polls_each_task_for_its_trace_and_wakes_it() {
        let polls = Polls::new();
        tokio::spawn(polls.of(process_request(1)));
        yield_now().await;
        assert_eq!(polls.count(), 1);
        assert_eq!(task_dump().await.unwrap().len(), 1);
        assert_eq!(polls.count(), 2);
        for _ in 0..10 {
            yield_now().await;
        }
        assert_eq!(polls.count(), 3);
    }

    /// All workers have to stop for it, and this one does not.
    #[test]
    fn beside_a_blocked_worker_a_dump_never_ends() {
        let ended = in_child(Duration::from_secs(2), || {
            let mut builder = Builder::new_multi_thread();
            let runtime = builder.worker_threads(2).build().unwrap();
            let (started, has_started) = channel();
            runtime.spawn(async move {
                started.send(()).unwrap();
                std::thread::park();
            });
            has_started.recv().unwrap();
            println!("one of two workers is blocked");
            runtime.block_on(runtime.handle().dump());
        });
        assert!(ended.hung, "{ended:?}");
        assert!(ended.stdout.contains("one of two workers is blocked"), "{ended:?}");
    }
}
