//! Deep dive 10.5 — An executor that Tokio does not know deadlocks a task, although another worker is idle.

use futures::executor::block_on;
use tokio::sync::oneshot::{self, Receiver, error::RecvError};
use tokio::task::block_in_place;

/// Prints 7 three times and never ends.
#[tokio::main(worker_threads = 2)]
pub async fn main() -> anyhow::Result<()> {
    eprintln!("This program hangs on purpose. Ctrl+C ends it.");
    println!("await: {}", tokio::spawn(awaited()).await??);
    println!("block_in_place: {}", tokio::spawn(in_place()).await??);
    println!("block_on, one more spawn: {}", tokio::spawn(pushed_out()).await??);
    println!("block_on...");
    println!("block_on: {}", tokio::spawn(deadlock()).await??);
    Ok(())
}

/// The newest task of a worker stands in its LIFO slot, and no other worker takes it from there.
fn spawn_sender() -> Receiver<u32> {
    let (sender, receiver) = oneshot::channel();
    // Fails only if the receiver has gone, and then nobody waits for the number.
    tokio::spawn(async move { sender.send(7).ok() });
    receiver
}

/// Gives the worker back: it finds the sender in its slot.
async fn awaited() -> Result<u32, RecvError> {
    spawn_sender().await
}

/// Hands the slot with all the rest to another thread.
async fn in_place() -> Result<u32, RecvError> {
    let receiver = spawn_sender();
    block_in_place(|| block_on(receiver))
}

/// Luck: the second task takes the slot, and the sender goes to the queue, open to the idle worker.
async fn pushed_out() -> Result<u32, RecvError> {
    let receiver = spawn_sender();
    tokio::spawn(async {});
    block_on(receiver)
}

/// The worker sleeps until the sender runs, and the sender waits for the worker.
async fn deadlock() -> Result<u32, RecvError> {
    let receiver = spawn_sender();
    block_on(receiver)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::runtime::Builder;
    use utils::probe::{Ended, in_child};

    /// A hundred times what the tasks need when they end.
    const LIMIT: Duration = Duration::from_secs(1);

    fn run(workers: usize, task: impl Future<Output = Result<u32, RecvError>> + Send + 'static) {
        let runtime = match workers {
            0 => Builder::new_current_thread().build(),
            _ => Builder::new_multi_thread().worker_threads(workers).build(),
        };
        let runtime = runtime.unwrap();
        println!("{workers} workers...");
        let number = runtime.block_on(runtime.spawn(task)).unwrap();
        println!("{number:?}");
    }

    fn hangs_after(ended: &Ended, evidence: &str) {
        assert!(ended.hung && ended.stdout.ends_with(evidence), "{ended:#?}");
    }

    #[test]
    fn the_program_shows_three_remedies_and_hangs() {
        let ended = in_child(Duration::from_secs(2), || main().unwrap());
        let evidence = "await: 7\nblock_in_place: 7\nblock_on, one more spawn: 7\nblock_on...\n";
        hangs_after(&ended, evidence);
        assert!(ended.stderr.starts_with("This program hangs on purpose. Ctrl+C "), "{ended:#?}");
    }

    #[test]
    fn a_foreign_block_on_hangs_on_a_current_thread_runtime() {
        hangs_after(&in_child(LIMIT, || run(0, deadlock())), "0 workers...\n");
    }

    #[test]
    fn a_foreign_block_on_hangs_one_worker() {
        hangs_after(&in_child(LIMIT, || run(1, deadlock())), "1 workers...\n");
    }

    /// Proves D-10-10.
    #[test]
    fn a_foreign_block_on_hangs_beside_an_idle_worker() {
        hangs_after(&in_child(LIMIT, || run(2, deadlock())), "2 workers...\n");
    }

    /// One more spawn helps only where there is another worker.
    /// Proves D-10-10.
    #[test]
    fn one_more_spawn_does_not_help_a_single_worker() {
        hangs_after(&in_child(LIMIT, || run(1, pushed_out())), "1 workers...\n");
    }

    /// Proves D-10-10.
    #[test]
    fn one_more_spawn_frees_the_sender_where_another_worker_is_idle() {
        let ended = in_child(Duration::from_secs(60), || run(2, pushed_out()));
        assert!(ended.stdout.ends_with("Ok(7)\n"), "{ended:#?}");
    }

    /// The future of `Runtime::block_on` stands on no worker: its sender goes to the common queue.
    #[test]
    fn outside_of_a_task_a_foreign_block_on_does_not_hang() {
        let runtime = Builder::new_multi_thread().worker_threads(1).build().unwrap();
        assert_eq!(runtime.block_on(deadlock()), Ok(7));
    }

    #[test]
    fn awaiting_needs_no_second_thread() {
        for workers in [0, 1, 2] {
            run(workers, awaited());
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn block_in_place_needs_no_second_worker() {
        assert_eq!(tokio::spawn(in_place()).await.unwrap(), Ok(7));
    }
}
