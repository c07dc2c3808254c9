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
