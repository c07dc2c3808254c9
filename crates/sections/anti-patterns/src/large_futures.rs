//! Guide 9.4 — A future stores an array that lives across `.await`; of a `Vec` it stores three words.

use tokio::task::JoinError;
use tokio::time::{Duration, sleep};

#[tokio::main]
pub async fn main() -> Result<(), JoinError> {
    println!("bad_large_stack: {}", size_of_output(bad_large_stack));
    println!("good_large_heap: {}", size_of_output(good_large_heap));
    println!("good_boxed_array: {}", size_of_output(good_boxed_array));
    println!("good_boxed_future: {}", size_of_output(good_boxed_future));

    // On a worker, whose stack has 2 MiB.
    tokio::spawn(good_large_heap()).await
}

/// The size of what `_call` would return. Nothing is called: in a debug build, making a few
/// large futures is enough to overflow the stack.
fn size_of_output<F: FnOnce() -> R, R>(_call: F) -> usize {
    size_of::<R>()
}

async fn bad_large_stack() {
    let buffer = [0u8; 1_000_000];
    some_async_op().await;
    println!("{}", buffer.len());
}

async fn good_large_heap() {
    let buffer = vec![0u8; 1_000_000];
    some_async_op().await;
    println!("{}", buffer.len());
}

async fn good_boxed_array() {
    let buffer = Box::new([0u8; 1_000_000]);
    some_async_op().await;
    println!("{}", buffer.len());
}

/// For a large future of someone else: the caller stores a pointer to it.
async fn good_boxed_future() {
    Box::pin(bad_large_stack()).await;
}

async fn some_async_op() {
    sleep(Duration::from_millis(10)).await;
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_pointer_width = "64")]
    use std::hint::black_box;
    use std::thread;

    #[cfg(target_pointer_width = "64")]
    /// Like `size_of_output`, with the 112 bytes that a `Sleep` has on 64-bit machines.
    ///
    /// It grows when the whole build turns Tokio's tracing on; the rest does not.
    fn size<F: FnOnce() -> R, R>(call: F) -> usize {
        size_of_output(call) - (size_of::<tokio::time::Sleep>() - 112)
    }

    /// Proves G-9.4-1, G-9.4-4, D-2-12, D-12-8.
    #[cfg(target_pointer_width = "64")] // its sizes are those of pointers of 8 bytes
    #[test]
    fn a_future_holds_its_array_or_the_pointer_to_it() {
        assert_eq!(size(some_async_op), 120);
        assert_eq!(size(bad_large_stack), 1_000_128);
        assert_eq!(size(good_large_heap), 152);
        assert_eq!(size(good_boxed_array), 136);
        assert_eq!(size_of_output(good_boxed_future), 16);
    }

    /// Proves G-9.4-4.
    #[cfg(target_pointer_width = "64")] // its sizes are those of pointers of 8 bytes
    #[test]
    fn a_boxed_slice_takes_two_words() {
        async fn boxed_slice() {
            let buffer = vec![0u8; 1_000_000].into_boxed_slice();
            some_async_op().await;
            black_box(&buffer);
        }
        assert_eq!(size(boxed_slice), 144);
    }

    /// Proves G-9.4-1.
    #[cfg(target_pointer_width = "64")] // its sizes are those of pointers of 8 bytes
    #[test]
    fn every_caller_contains_the_future_it_awaits() {
        async fn caller() {
            bad_large_stack().await;
        }
        async fn its_caller() {
            caller().await;
        }
        async fn caller_of_the_boxed_one() {
            good_boxed_future().await;
        }
        assert_eq!(size(caller), 1_000_136);
        assert_eq!(size(its_caller), 1_000_144);
        assert_eq!(size_of_output(caller_of_the_boxed_one), 24);
    }

    /// Proves G-9.4-1.
    #[cfg(target_pointer_width = "64")] // its sizes are those of pointers of 8 bytes
    #[test]
    fn a_join_contains_all_its_branches() {
        async fn both() {
            tokio::join!(bad_large_stack(), bad_large_stack());
        }
        let bookkeeping = size_of_output(both) - 2 * size_of_output(bad_large_stack);
        assert_eq!(bookkeeping, 40);
    }

    /// Proves G-9.4-3.
    #[cfg(target_pointer_width = "64")] // its sizes are those of pointers of 8 bytes
    #[test]
    fn a_borrowed_array_is_stored_until_its_block_ends() {
        async fn not_used_after_the_await() {
            let buffer = [0u8; 1_000_000];
            black_box(&buffer);
            some_async_op().await;
        }
        #[expect(dropping_copy_types, reason = "only a copy goes, which is the point")]
        async fn dropped() {
            let buffer = [0u8; 1_000_000];
            black_box(&buffer);
            drop(buffer);
            some_async_op().await;
        }
        async fn in_a_block_of_its_own() {
            {
                let buffer = [0u8; 1_000_000];
                black_box(&buffer);
            }
            some_async_op().await;
        }
        async fn never_borrowed() {
            let _buffer = [0u8; 1_000_000];
            some_async_op().await;
        }
        async fn used_by_value() {
            let buffer = [0u8; 1_000_000];
            some_async_op().await;
            black_box(buffer[0]);
        }
        assert_eq!(size(not_used_after_the_await), 1_000_128);
        assert_eq!(size(dropped), 1_000_128);
        assert_eq!(size(in_a_block_of_its_own), 128);
        assert_eq!(size(never_borrowed), 128);
        assert_eq!(size(used_by_value), 1_000_128);
    }

    /// The maximum over the `.await`s, not the sum over the function.
    #[cfg(target_pointer_width = "64")] // its sizes are those of pointers of 8 bytes
    #[test]
    fn arrays_in_separate_blocks_share_their_place() {
        async fn one_after_the_other() {
            {
                let first = [0u8; 1024];
                some_async_op().await;
                black_box(&first);
            }
            let second = [0u8; 1024];
            some_async_op().await;
            black_box(&second);
        }
        async fn together() {
            let first = [0u8; 1024];
            some_async_op().await;
            black_box(&first);
            let second = [0u8; 1024];
            some_async_op().await;
            black_box(&second);
        }
        assert_eq!(size(one_after_the_other), 1024 + 128);
        assert_eq!(size(together), 2 * 1024 + 128);
    }

    /// Proves G-9.4-3.
    #[cfg(target_pointer_width = "64")] // its sizes are those of pointers of 8 bytes
    #[test]
    fn an_argument_is_stored_twice_and_once_more_by_each_caller() {
        async fn user(buffer: [u8; 1000]) {
            some_async_op().await;
            black_box(&buffer);
        }
        async fn caller(buffer: [u8; 1000]) {
            user(buffer).await;
        }
        assert_eq!(size(|| user([0; 1000])), 2_128);
        assert_eq!(size(|| caller([0; 1000])), 3_136);
    }

    /// The size alone breaks nothing: the future lies on the heap once it is spawned.
    ///
    /// It is made on a stack of 8 MiB, as `main` has it on Linux: that of a test has 2 MiB.
    /// Proves G-9.4-2.
    #[test]
    fn a_large_future_runs_when_it_is_spawned_directly() {
        let main = thread::Builder::new().stack_size(8 << 20).spawn(|| {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            let task = runtime.spawn(bad_large_stack());
            runtime.block_on(task).unwrap();
        });
        main.unwrap().join().unwrap();
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn the_good_ones_run_on_a_worker() {
        tokio::spawn(good_large_heap()).await.unwrap();
        tokio::spawn(good_boxed_array()).await.unwrap();
        tokio::spawn(good_boxed_future()).await.unwrap();
    }
}
