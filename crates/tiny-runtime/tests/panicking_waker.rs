//! A waker can be anybody's code, and the driver calls it: its panic harms nobody else, nor does what
//! it panics with.

#![cfg(not(loom))]

use std::panic::resume_unwind;
use std::pin::pin;
use std::sync::{Arc, mpsc};
use std::task::{Context, Wake, Waker};
use tiny_runtime::runtime::{Builder, Runtime};
use tiny_runtime::time::{Duration, sleep};
use utils::probe::in_child;

const MILLI: Duration = Duration::from_millis(1);
/// Only a hang takes so long.
const LONG: Duration = Duration::from_secs(60);

struct Panics(mpsc::SyncSender<()>);

impl Wake for Panics {
    fn wake(self: Arc<Self>) {
        self.0.send(()).unwrap();
        resume_unwind(Box::new(Bomb));
    }
}

struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("on purpose: in the payload of a panic");
    }
}

/// As often as there are workers, so that no thread is left if each costs one.
fn panic_in_the_driver(runtime: &Runtime) {
    for _ in 0..2 {
        let (woken, is_woken) = mpsc::sync_channel(1);
        let _current = runtime.enter();
        let mut sleep = pin!(sleep(MILLI));
        let waker = Waker::from(Arc::new(Panics(woken)));
        assert!(sleep.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        drop(waker);
        // Somebody else's timer, due together with it.
        let other = runtime.spawn(async { tiny_runtime::time::sleep(MILLI).await });
        runtime.block_on(other).unwrap();
        is_woken.recv().unwrap();
    }
}

#[test]
fn workers_go_on_and_end_after_a_waker_has_panicked_in_the_driver() {
    let ended = in_child(LONG, || {
        let runtime = Builder::new_multi_thread().worker_threads(2).build().unwrap();
        panic_in_the_driver(&runtime);
    });
    assert!(ended.status.success(), "{ended:#?}");
}

#[test]
fn a_current_thread_goes_on_after_a_waker_has_panicked_in_the_driver() {
    let runtime = Builder::new_current_thread().build().unwrap();
    let (woken, is_woken) = mpsc::sync_channel(1);
    runtime.block_on(async {
        let mut panics = pin!(sleep(MILLI));
        let waker = Waker::from(Arc::new(Panics(woken)));
        assert!(panics.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        sleep(2 * MILLI).await;
    });
    is_woken.recv().unwrap();
}
