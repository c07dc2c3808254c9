//! Destructors of tasks while their runtime ends: which may block, and which the end awaits.

use super::matrix::{assert_cancelled, in_time, one_thread, workers};
use super::rt::{self, task::yield_now, time::sleep};
use super::support::ENDS;
use rt::runtime::{Handle, Runtime};
use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::time::Duration;
use utils::probe::DropLog;

/// The thread that ends it polls nothing, so it may block.
#[test]
fn a_destructor_of_a_current_thread_runtime_may_block() {
    struct Blocks(Option<Runtime>, DropLog);
    impl Drop for Blocks {
        fn drop(&mut self) {
            assert_eq!(Handle::current().block_on(async { 1 }), 1);
            drop(self.0.take());
            one_thread().block_on(sleep_a_little());
            self.1.note("dropped");
        }
    }
    async fn sleep_a_little() {
        sleep(Duration::from_millis(1)).await;
    }
    for end in ENDS {
        for polled in [false, true] {
            in_time("destructor", move || {
                let (runtime, log) = (one_thread(), DropLog::new());
                let blocks = Blocks(Some(workers(1)), log.clone());
                let task = runtime.spawn(async move {
                    let _blocks = blocks;
                    pending::<()>().await;
                });
                if polled {
                    runtime.block_on(yield_now());
                }
                end(runtime);
                assert_cancelled(task);
                assert_eq!(log.entries(), ["dropped"]);
            });
        }
    }
}

/// Where workers drop it, on Tokio, it may not, and hears of it by a panic.
#[test]
fn a_destructor_of_a_multi_thread_runtime_may_not_block() {
    struct Blocks(DropLog);
    impl Drop for Blocks {
        fn drop(&mut self) {
            let handle = Handle::current();
            assert!(catch_unwind(AssertUnwindSafe(|| handle.block_on(async {}))).is_err());
            let inner = workers(1);
            assert!(catch_unwind(AssertUnwindSafe(|| drop(inner))).is_err());
            rt::task::block_in_place(|| handle.block_on(async {}));
            self.0.note("dropped");
        }
    }
    for end in ENDS {
        in_time("destructor", move || {
            let (runtime, log) = (workers(1), DropLog::new());
            let blocks = Blocks(log.clone());
            let task = runtime.spawn(async move {
                let _blocks = blocks;
                pending::<()>().await;
            });
            end(runtime);
            assert_cancelled(task);
            assert_eq!(log.entries(), ["dropped"]);
        });
    }
}

/// A destructor that takes long does not stop a caller that does not wait.
#[test]
fn who_does_not_wait_does_not_wait_for_a_destructor() {
    struct Waits(mpsc::Receiver<()>);
    impl Drop for Waits {
        fn drop(&mut self) {
            self.0.recv().unwrap_err();
        }
    }
    for end in &ENDS[1..] {
        in_time("destructor", || {
            let runtime = workers(1);
            let (open, gate) = mpsc::channel::<()>();
            let waits = Waits(gate);
            let task = runtime.spawn(async move {
                let _waits = waits;
                pending::<()>().await;
            });
            end(runtime);
            assert!(!task.is_finished());
            drop(open);
            assert_cancelled(task);
        });
    }
}
