//! Deep dive 6.6 — Local variables are dropped when the task ends, the output with its `JoinHandle`.

use std::sync::mpsc::{Sender, channel};
use tokio::task::yield_now;

// One thread for all tasks: a task runs when `main` gives way, and not before.
#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("handle kept: {}", drops(true).await.join(", "));
    println!("handle dropped: {}", drops(false).await.join(", "));
}

/// When the local and the output of a task are dropped.
async fn drops(keep_the_handle: bool) -> Vec<&'static str> {
    let (log, steps) = channel();
    let local = Noted("local dropped", log.clone());
    let output = Noted("output dropped", log.clone());
    let task = tokio::spawn(async move {
        let _local = local;
        yield_now().await;
        output
    });
    // Without its handle the task is detached, not cancelled.
    let kept = keep_the_handle.then_some(task);
    yield_now().await;
    yield_now().await;
    let _ = log.send("task over");
    drop(kept);
    let _ = log.send("handle gone");
    steps.try_iter().collect()
}

struct Noted(&'static str, Sender<&'static str>);

impl Drop for Noted {
    fn drop(&mut self) {
        let _ = self.1.send(self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use allocation_counter::{AllocationInfo, measure};
    use std::future::{Future, poll_fn};
    use std::hint::black_box;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};
    use tokio::runtime::{Builder, Runtime};
    use tokio::task::JoinHandle;
    use utils::probe::CountingWaker;

    /// Proves D-6-17.
    #[tokio::test]
    async fn the_output_lives_as_long_as_the_handle() {
        let kept = ["local dropped", "task over", "output dropped", "handle gone"];
        assert_eq!(drops(true).await, kept);
    }

    #[tokio::test]
    async fn without_a_handle_the_task_ends_all_the_same_and_its_output_goes_at_once() {
        let detached = ["local dropped", "output dropped", "task over", "handle gone"];
        assert_eq!(drops(false).await, detached);
    }

    /// Proves D-6-15.
    #[tokio::test]
    async fn a_join_handle_is_a_future_that_is_woken_once() {
        let (wakes, waker) = CountingWaker::new();
        let mut task = pin!(tokio::spawn(async { 42 }));
        let mut cx = Context::from_waker(&waker);
        assert!(task.as_mut().poll(&mut cx).is_pending());
        assert_eq!(wakes.wakes(), 0);
        yield_now().await;
        assert_eq!(wakes.wakes(), 1);
        assert!(matches!(task.as_mut().poll(&mut cx), Poll::Ready(Ok(42))));
    }

    fn one_thread() -> Runtime {
        let runtime = Builder::new_current_thread().build().unwrap();
        // The first spawn and the first turn may set up what a runtime keeps.
        runtime.block_on(runtime.spawn(async {})).unwrap();
        runtime
    }

    /// Heap blocks and bytes that `spawn` takes.
    fn heap_of<F>(future: F) -> (u64, i64)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let runtime = one_thread();
        let mut task = None;
        let taken: AllocationInfo = measure(|| task = Some(runtime.spawn(future)));
        (taken.count_total, taken.bytes_current)
    }

    /// No `Arc` for the result, no `Box::pin` for the future. The flag of this workspace makes each
    /// task remember where it was spawned, which takes the next 128 bytes: what it is without the
    /// flag is shown in the root's `tests/release.rs`.
    /// Proves D-1-6, D-6-16.
    #[cfg(target_pointer_width = "64")] // Tokio aligns a task to a line of the cache, elsewhere 32 or 64 bytes
    #[test]
    fn a_task_with_its_result_is_one_block_of_128_bytes() {
        let bytes = if cfg!(tokio_unstable) { 256 } else { 128 };
        assert_eq!(heap_of(async {}), (1, bytes));
    }

    /// The task runs to its end, and its result of 64 bytes is there before anybody asks for it.
    /// Proves D-6-16.
    #[test]
    fn a_result_takes_no_block_of_its_own() {
        let runtime = one_thread();
        let turn = || measure(|| runtime.block_on(yield_now()));
        let without_a_task = turn();
        let task = runtime.spawn(async { [7_u8; 64] });
        let with_it = turn();
        assert!(task.is_finished());
        assert_eq!(with_it.count_total, without_a_task.count_total);
        assert_eq!(with_it.bytes_total, without_a_task.bytes_total);
        assert_eq!(runtime.block_on(task).unwrap(), [7; 64]);
    }

    #[cfg(target_pointer_width = "64")]
    /// Where the header of the task that polls this lies.
    async fn own_address() -> usize {
        poll_fn(|cx| Poll::Ready(cx.waker().data().addr())).await
    }

    /// A block of 128 bytes that is aligned to less would not start at a multiple of 128 each time.
    #[cfg(target_pointer_width = "64")] // Tokio aligns a task to a line of the cache, elsewhere 32 or 64 bytes
    #[test]
    fn tasks_are_aligned_to_128_bytes() {
        let runtime = one_thread();
        let tasks: Vec<_> = (0..100).map(|_| runtime.spawn(own_address())).collect();
        for task in tasks {
            assert_eq!(runtime.block_on(task).unwrap() % 128, 0);
        }
    }

    /// In a debug build. The limit of a release build is shown in the root's `tests/release.rs`.
    #[test]
    #[cfg_attr(not(debug_assertions), ignore = "the limit of a debug build")]
    fn only_a_large_future_takes_a_second_block() {
        fn of_size<const BYTES: usize>() -> impl Future<Output = ()> + Send {
            let payload = [0_u8; BYTES];
            poll_fn(move |_| {
                black_box(&payload);
                Poll::Ready(())
            })
        }
        assert_eq!(size_of_val(&of_size::<2048>()), 2048);
        assert_eq!(heap_of(of_size::<2048>()).0, 1);
        assert_eq!(heap_of(of_size::<2049>()).0, 2);
    }

    /// The bytes of a task with 1 KiB in it, and those left when it is over and only `keep` is there.
    fn block_and_rest<K>(keep: impl FnOnce(&JoinHandle<Waker>, Waker) -> K) -> (i64, i64) {
        let runtime = one_thread();
        let (mut task, mut kept) = (None, None);
        let spawned = measure(|| {
            task = Some(runtime.spawn(async {
                let payload = black_box([0_u8; 1024]);
                yield_now().await;
                black_box(&payload);
                poll_fn(|cx| Poll::Ready(cx.waker().clone())).await
            }));
        });
        let ended = measure(|| {
            let mut task = task.take().unwrap();
            let waker = runtime.block_on(&mut task).unwrap();
            kept = Some(keep(&task, waker));
        });
        let freed = measure(|| drop(kept.take()));
        let rest = spawned.bytes_current + ended.bytes_current;
        assert_eq!(freed.bytes_current, -rest);
        (spawned.bytes_current, rest)
    }

    /// 1152 bytes, or 1280 with `tokio_unstable`, for a task that is over.
    /// Proves D-6-17.
    #[test]
    fn a_forgotten_waker_or_abort_handle_keeps_the_whole_block() {
        let (block, rest) = block_and_rest(|_, waker| waker);
        assert!(block > 1024 && block % 128 == 0);
        assert_eq!(rest, block);
        assert_eq!(block_and_rest(|task, _| task.abort_handle()), (block, block));
        assert_eq!(block_and_rest(|_, _| ()), (block, 0));
    }
}
