//! Guide FAQ Q1 — The current-thread flavor has one worker: the thread that calls `block_on`.

use std::io;
use std::thread;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::time::{Duration, sleep};

pub fn main() -> io::Result<()> {
    println!("{}", describe(&many_threads()?));
    println!("{}", describe(&one_thread()?));
    Ok(())
}

/// Builds what `#[tokio::main(worker_threads = 2)]` builds.
fn many_threads() -> io::Result<Runtime> {
    Builder::new_multi_thread().worker_threads(2).enable_all().build()
}

/// Builds what `#[tokio::main(flavor = "current_thread")]` does: tasks run only in `block_on`.
fn one_thread() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

fn describe(runtime: &Runtime) -> String {
    runtime.block_on(async {
        sleep(Duration::from_millis(1)).await;
        let handle = Handle::current();
        let caller = thread::current().id();
        let task = tokio::spawn(async { thread::current().id() });
        let elsewhere = task.await.is_ok_and(|worker| worker != caller);
        format!(
            "{:?}: {} worker, tasks on another thread: {elsewhere}",
            handle.runtime_flavor(),
            handle.metrics().num_workers(),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    #[test]
    fn a_task_of_a_one_thread_runtime_runs_only_inside_block_on() {
        let ran = Arc::new(AtomicBool::new(false));
        let runtime = one_thread().unwrap();
        let task = runtime.spawn({
            let ran = Arc::clone(&ran);
            async move { ran.store(true, Ordering::SeqCst) }
        });
        assert!(!ran.load(Ordering::SeqCst), "nobody is there to run it");
        runtime.block_on(task).unwrap();
        assert!(ran.load(Ordering::SeqCst));
    }

    #[test]
    fn a_task_of_a_many_thread_runtime_runs_by_itself() {
        let runtime = many_threads().unwrap();
        let (sender, receiver) = std::sync::mpsc::channel();
        runtime.spawn(async move { sender.send(()) });
        receiver.recv().unwrap();
    }
}
