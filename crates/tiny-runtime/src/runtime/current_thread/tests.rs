use super::*;
use crate::runtime::builder::Builder;
use std::future::ready;

#[test]
fn who_has_waited_for_the_core_is_forgotten_with_its_future() {
    let runtime = Builder::new_current_thread().build().unwrap();
    let shared = &runtime.handle().0;
    let core = lock(&shared.remotes[0].handoff).take();
    runtime.block_on(ready(()));
    assert!(lock(&shared.wait_for_core).is_empty());
    *lock(&shared.remotes[0].handoff) = core;
}

#[test]
fn an_empty_block_on_allocates_nothing() {
    let runtime = Builder::new_current_thread().build().unwrap();
    runtime.block_on(ready(()));
    assert_eq!(utils::probe::allocations(|| runtime.block_on(ready(()))).0, 0);
}

/// The core keeps a waker, which keeps the runtime, which keeps the core.
#[test]
fn the_end_frees_the_runtime_that_a_kept_waker_keeps() {
    let runtime = Builder::new_current_thread().build().unwrap();
    runtime.block_on(ready(()));
    let shared = Arc::downgrade(&runtime.handle().0);
    drop(runtime);
    assert!(shared.upgrade().is_none());
}
