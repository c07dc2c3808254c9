//! Large futures: what fits on the stack of a caller fits into a runtime, since it is boxed before it
//! is moved. Without optimization, on a thread of two mebibytes.

use super::rt::{runtime::Runtime, spawn, task};
use super::{LONG, local, one_thread, workers};
use std::hint::black_box;
use std::mem::MaybeUninit;
use std::thread;
use utils::probe::{Ended, in_child};

const KIB: usize = 1024;
/// Of a thread, and of a main thread.
const SMALL: usize = 2048 * KIB;
const MAIN: usize = 8192 * KIB;

/// Holds `SIZE` bytes across a wait, and neither its making nor its polls need them on the stack.
async fn large<const SIZE: usize>() -> u8 {
    let bytes = MaybeUninit::<[u8; SIZE]>::uninit();
    task::yield_now().await;
    black_box(&bytes);
    7
}

fn on_a_stack_of(size: usize, test: fn()) {
    let thread = thread::Builder::new().stack_size(size).spawn(test);
    thread.unwrap().join().unwrap();
}

#[track_caller]
fn assert_fits(ended: &Ended) {
    assert!(ended.status.success(), "{ended:?}");
}

/// Without optimization Tokio takes 960 KiB from all, but 640 from a set, and 384 of a closure.
macro_rules! fits {
    ($($name:ident on $stack:ident $test:block)*) => {$(
        #[test]
        fn $name() {
            assert_fits(&in_child(LONG, || on_a_stack_of($stack, || $test)));
        }
    )*};
}

fn assert_runs(runtime: &Runtime, task: task::JoinHandle<u8>) {
    assert_eq!(runtime.block_on(task).unwrap(), 7);
}

fits! {
    block_on_a_current_thread on SMALL {
        assert_eq!(one_thread().block_on(large::<{ 896 * KIB }>()), 7);
    }
    block_on_with_workers on SMALL {
        assert_eq!(workers(1).block_on(large::<{ 896 * KIB }>()), 7);
    }
    block_on_of_a_handle on SMALL {
        assert_eq!(workers(1).handle().block_on(large::<{ 896 * KIB }>()), 7);
    }
    block_on_of_a_local_runtime on SMALL {
        assert_eq!(local().block_on(large::<{ 896 * KIB }>()), 7);
    }
    block_on_takes_two_mebibytes on MAIN {
        assert_eq!(one_thread().block_on(large::<{ 2048 * KIB }>()), 7);
    }
    spawn_onto_the_current_runtime on SMALL {
        let runtime = one_thread();
        let task = {
            let _entered = runtime.enter();
            spawn(large::<{ 896 * KIB }>())
        };
        assert_runs(&runtime, task);
    }
    spawn_of_a_handle on SMALL {
        let runtime = workers(1);
        assert_runs(&runtime, runtime.handle().spawn(large::<{ 896 * KIB }>()));
    }
    spawn_of_a_runtime on SMALL {
        let runtime = one_thread();
        assert_runs(&runtime, runtime.spawn(large::<{ 896 * KIB }>()));
    }
    spawn_of_a_set on SMALL {
        let runtime = one_thread();
        let mut set = task::JoinSet::new();
        set.spawn_on(large::<{ 576 * KIB }>(), runtime.handle());
        assert_eq!(runtime.block_on(set.join_next()).unwrap().unwrap(), 7);
    }
    spawn_local_onto_the_current_runtime on SMALL {
        let runtime = local();
        let task = {
            let _entered = runtime.enter();
            task::spawn_local(large::<{ 896 * KIB }>())
        };
        assert_eq!(runtime.block_on(task).unwrap(), 7);
    }
    spawn_local_of_a_runtime on SMALL {
        let runtime = local();
        let task = runtime.spawn_local(large::<{ 896 * KIB }>());
        assert_eq!(runtime.block_on(task).unwrap(), 7);
    }
    spawn_blocking on SMALL {
        let bytes = MaybeUninit::<[u8; 320 * KIB]>::uninit();
        let runtime = one_thread();
        let task = runtime.spawn_blocking(move || {
            black_box(&bytes);
            7
        });
        assert_runs(&runtime, task);
    }
}
