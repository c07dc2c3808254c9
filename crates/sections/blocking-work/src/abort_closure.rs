//! Deep dive 9.2 — `abort` stops a closure that is queued, but not one that runs.

use std::sync::mpsc;
use tokio::runtime::Builder;
use tokio::task::{JoinHandle, spawn_blocking};

pub fn main() -> std::io::Result<()> {
    // With one thread, the second closure waits for the first.
    let runtime = Builder::new_current_thread().max_blocking_threads(1).build()?;
    runtime.block_on(async {
        let (open, gate) = mpsc::channel();
        let running = start(move || {
            gate.recv().expect("`open` is used below");
            "finished"
        });
        let queued = spawn_blocking(|| "finished");
        running.abort();
        queued.abort();
        open.send(()).expect("the closure waits for it");
        println!("running, aborted: {}", ending(running).await);
        println!("queued, aborted: {}", ending(queued).await);
    });
    Ok(())
}

/// Returns only when the closure runs.
fn start(closure: impl FnOnce() -> &'static str + Send + 'static) -> JoinHandle<&'static str> {
    let (started, start) = mpsc::channel();
    let handle = spawn_blocking(move || {
        started.send(()).expect("`start` waits for it");
        closure()
    });
    start.recv().expect("the closure starts");
    handle
}

async fn ending(closure: JoinHandle<&'static str>) -> &'static str {
    // None of them panics: an error is an abort.
    closure.await.unwrap_or("never ran")
}

#[cfg(test)]
#[cfg(tokio_unstable)] // asks Tokio for what it has with this flag only
mod tests {
    use super::*;
    use tokio::runtime::Runtime;
    use utils::probe::DropLog;

    fn one_thread() -> Runtime {
        Builder::new_current_thread().max_blocking_threads(1).build().unwrap()
    }

    /// Holds the only thread until the sender is dropped.
    fn hold() -> (mpsc::Sender<()>, JoinHandle<&'static str>) {
        let (open, gate) = mpsc::channel::<()>();
        let held = start(move || {
            gate.recv().unwrap_err();
            "finished"
        });
        (open, held)
    }

    /// Proves D-9-6.
    #[test]
    fn a_running_closure_does_not_notice_its_abort_and_its_value_arrives() {
        one_thread().block_on(async {
            let (open, running) = hold();
            running.abort();
            assert!(!running.is_finished());
            drop(open);
            assert_eq!(running.await.unwrap(), "finished");
        });
    }

    #[test]
    fn a_queued_closure_is_dropped_without_running() {
        one_thread().block_on(async {
            let log = DropLog::new();
            let (open, held) = hold();
            let queued = spawn_blocking({
                let (log, captured) = (log.clone(), log.guard("captured dropped"));
                move || {
                    let _captured = captured;
                    log.note("ran");
                }
            });
            queued.abort();
            drop(open);
            assert!(queued.await.unwrap_err().is_cancelled());
            assert_eq!(log.entries(), ["captured dropped"]);
            held.await.unwrap();
        });
    }

    /// Its place in the queue stays: the thread that comes to it drops it.
    /// Proves D-9-6.
    #[test]
    fn an_aborted_closure_stays_in_the_queue_until_a_thread_is_free() {
        let runtime = one_thread();
        runtime.block_on(async {
            let (open, _held) = hold();
            let queued = spawn_blocking(|| "finished");
            queued.abort();
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            assert!(!queued.is_finished());
            assert_eq!(runtime.metrics().blocking_queue_depth(), 1);
            drop(open);
            assert_eq!(ending(queued).await, "never ran");
        });
    }
}
