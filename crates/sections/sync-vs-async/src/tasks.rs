//! Guide 1.1, 1.2 — An async handler frees its thread while it waits: one thread serves all handlers.

use std::cell::RefCell;
use tokio::time::{Duration, sleep};

/// One thread: `join!` polls the three tasks here, and nobody else does.
#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let turns = Turns::default();
    tokio::join!(
        biased;
        async_handler("A", &turns),
        async_handler("B", &turns),
        async_handler("C", &turns),
    );
    println!("Thread 1: {}", row(turns.into_inner()));
}

/// Lists which task ran which of its steps, in the order in which it happened.
type Turns = RefCell<Vec<(&'static str, u32)>>;

/// Each turn as a block, step by step. As they happened, the order would not be the same every
/// time: the timer counts milliseconds, and a start shortly before the next one puts A ahead of B.
fn row(mut turns: Vec<(&str, u32)>) -> String {
    turns.sort_by_key(|&(_, step)| step);
    turns.iter().map(|(task, _)| format!("[{task}██]")).collect()
}

/// Takes 61 ms, in which the thread is free but for four short moments.
async fn async_handler(task: &'static str, turns: &Turns) {
    let runs = |step| turns.borrow_mut().push((task, step));
    runs(1);
    sleep(Duration::from_millis(10)).await; // reads from the database
    runs(2);
    sleep(Duration::from_millis(50)).await; // calls another service
    runs(3);
    sleep(Duration::from_millis(1)).await; // writes the answer
    runs(4);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread::available_parallelism;
    use tokio::time::Instant;
    use utils::probe::allocations;

    /// Proves G-1.2-1.
    #[tokio::test(start_paused = true)]
    async fn eight_handlers_take_as_long_as_one() {
        let (start, turns) = (Instant::now(), Turns::default());
        let handlers =
            ["A", "B", "C", "D", "E", "F", "G", "H"].map(|task| async_handler(task, &turns));
        let [a, b, c, d, e, f, g, h] = handlers;
        tokio::join!(a, b, c, d, e, f, g, h);
        assert_eq!(start.elapsed(), Duration::from_millis(61));
        assert_eq!(turns.borrow().len(), 8 * 4);
    }

    /// Proves G-1.1-2.
    #[tokio::test(start_paused = true)]
    async fn the_tasks_take_turns() {
        let turns = Turns::default();
        tokio::join!(biased; async_handler("A", &turns), async_handler("B", &turns));
        let expected = [1, 2, 3, 4].map(|step| [("A", step), ("B", step)]);
        assert_eq!(turns.into_inner(), expected.as_flattened());
    }

    #[tokio::test(start_paused = true)]
    async fn the_row_is_the_same_where_a_task_is_ahead() {
        let turns = Turns::default();
        let late = async {
            sleep(Duration::from_millis(2)).await;
            async_handler("B", &turns).await;
        };
        tokio::join!(biased; async_handler("A", &turns), late);
        assert_eq!(turns.borrow()[4..], [("A", 3), ("A", 4), ("B", 3), ("B", 4)]);
        assert_eq!(row(turns.into_inner()), "[A██][B██]".repeat(4));
    }

    /// Proves G-1.2-4.
    #[tokio::test]
    async fn a_runtime_has_a_worker_for_each_core() {
        let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
        if std::env::var_os("TOKIO_WORKER_THREADS").is_none() {
            let cores = available_parallelism().unwrap().get();
            assert_eq!(runtime.metrics().num_workers(), cores);
        }
        runtime.shutdown_background();
    }

    /// `.await` is not by itself a suspension: what is ready goes on at once.
    /// Proves G-1.2-8.
    #[test]
    fn two_awaits_on_ready_futures_are_one_poll() {
        let mut future = std::pin::pin!(async { async { 1 }.await + async { 2 }.await });
        let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
        assert_eq!(future.as_mut().poll(&mut cx), std::task::Poll::Ready(3));
    }

    /// The future itself takes no heap; where it is put may: a spawned task is one allocation.
    /// Proves G-1.3-1, G-1.3-2, D-1-5.
    #[test]
    fn awaiting_allocates_nothing_and_spawning_once() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            sleep(Duration::from_millis(1)).await;
            tokio::spawn(async {}).await.unwrap();
            let (count, task) = allocations(|| tokio::spawn(async { 42 }));
            assert_eq!((count, task.await.unwrap()), (1, 42));
            let (count, _boxed) = allocations(|| Box::pin(async { [0_u8; 16] }));
            assert_eq!(count, 1);
        });
        let (count, ()) = allocations(|| {
            runtime.block_on(async {
                for _ in 0..10 {
                    sleep(Duration::from_millis(1)).await;
                }
            });
        });
        assert_eq!(count, 0);
    }
}
