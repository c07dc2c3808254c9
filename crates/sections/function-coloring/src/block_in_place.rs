//! Deep dive 10.5 — `block_in_place` moves the core of the worker; its thread stays with the closure.

use std::sync::mpsc;
use std::thread;
use tokio::task::{JoinError, block_in_place, yield_now};

// One worker: its core has nowhere to go but to a new thread.
#[tokio::main(worker_threads = 1)]
pub async fn main() -> Result<(), JoinError> {
    for (what, thread) in tokio::spawn(threads()).await? {
        println!("{what}: {thread}");
    }
    Ok(())
}

async fn threads() -> [(&'static str, &'static str); 3] {
    let here = thread::current().id();
    let name = |id| if id == here { "same thread" } else { "another thread" };

    let (sender, other) = mpsc::channel();
    // Fails only if this function has gone, and then nobody asks.
    tokio::spawn(async move { sender.send(thread::current().id()).ok() });
    // Without `block_in_place`, `recv` would wait for ever: the other task needs this worker.
    let (inside, other) = block_in_place(|| (thread::current().id(), other.recv()));
    // This thread has no core any more: it cannot take up the task again.
    yield_now().await;
    let after = thread::current().id();
    [
        ("inside", name(inside)),
        ("other task", other.map_or("lost", name)),
        ("after the next await", name(after)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::time::Duration;
    use tokio::task::LocalSet;
    use utils::probe::in_child;

    const NOT_HERE: &str = "can call blocking only when running on the multi-threaded runtime";

    fn panic_of<T>(work: impl FnOnce() -> T) -> String {
        let Err(payload) = catch_unwind(AssertUnwindSafe(work)) else { panic!("no panic") };
        payload.downcast_ref::<String>().expect("a formatted message").clone()
    }

    /// Proves D-10-11.
    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn the_closure_stays_and_the_tasks_move() {
        let expected = [
            ("inside", "same thread"),
            ("other task", "another thread"),
            ("after the next await", "another thread"),
        ];
        assert_eq!(tokio::spawn(threads()).await.unwrap(), expected);
    }

    /// No task and no worker is added: a thread of the blocking pool takes over the core.
    /// Proves D-10-11, D-18-6.
    #[cfg(tokio_unstable)] // asks Tokio for what it has with this flag only
    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn it_spawns_no_task_and_starts_one_thread_of_the_blocking_pool() {
        use tokio::runtime::{Handle, worker_index};

        let observe = || {
            let metrics = Handle::current().metrics();
            let threads = (metrics.num_workers(), metrics.num_blocking_threads());
            (threads, metrics.num_alive_tasks(), worker_index(), tokio::task::id())
        };
        let task = tokio::spawn(async move { (observe(), block_in_place(observe)) });
        let id = task.id();
        let (before, inside) = task.await.unwrap();
        assert_eq!(before, ((1, 0), 1, Some(0), id));
        assert_eq!(inside, ((1, 1), 1, None, id));
    }

    /// Proves D-10-11.
    #[tokio::test]
    async fn a_current_thread_runtime_panics() {
        assert_eq!(panic_of(|| block_in_place(|| ())), NOT_HERE);
    }

    /// Proves D-10-11.
    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn a_local_set_panics_on_every_runtime() {
        let local = LocalSet::new();
        let message = local.run_until(async { panic_of(|| block_in_place(|| ())) }).await;
        assert_eq!(message, NOT_HERE);
    }

    #[test]
    fn outside_of_a_runtime_it_is_a_plain_call() {
        let here = thread::current().id();
        assert_eq!(block_in_place(|| thread::current().id()), here);
    }

    #[test]
    fn without_it_the_other_task_never_runs() {
        let ended = in_child(Duration::from_secs(1), || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build();
            let task = async {
                let (sender, other) = mpsc::channel();
                tokio::spawn(async move { sender.send(()).unwrap() });
                println!("before");
                other.recv().unwrap();
                println!("after");
            };
            let runtime = runtime.unwrap();
            runtime.block_on(runtime.spawn(task)).unwrap();
        });
        assert!(ended.hung && ended.stdout.ends_with("before\n"), "{ended:#?}");
    }
}
