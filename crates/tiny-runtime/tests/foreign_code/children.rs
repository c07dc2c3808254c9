//! Panics that end the process, and state of the whole process: each in a child process.

use std::future::Future;
use std::panic::resume_unwind;
use std::pin::{Pin, pin};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;
use tiny_runtime::runtime::{Builder, Handle};
use tiny_runtime::time;
use utils::probe::in_child;

/// Only a hang takes so long.
const LONG: Duration = Duration::from_secs(60);

/// Panics in its poll, and again as it is dropped.
struct PanicsTwice;

impl Future for PanicsTwice {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        resume_unwind(Box::new("on purpose: in poll"));
    }
}

impl Drop for PanicsTwice {
    fn drop(&mut self) {
        resume_unwind(Box::new("on purpose: in drop"));
    }
}

/// A waker that panics.
struct Panics;

impl Wake for Panics {
    fn wake(self: Arc<Self>) {
        resume_unwind(Box::new("on purpose: in wake"));
    }
}

#[test]
fn a_panic_while_the_poll_unwinds_ends_the_process_on_tokio() {
    let ended = in_child(LONG, || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let _error = runtime.block_on(runtime.spawn(PanicsTwice));
    });
    assert!(!ended.status.success() && !ended.hung, "{ended:#?}");
}

#[test]
fn a_panic_while_the_poll_unwinds_leaves_the_first_panic_on_tiny_runtime() {
    let runtime = Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let error = runtime.block_on(runtime.spawn(PanicsTwice)).unwrap_err();
    assert_eq!(error.into_panic().downcast_ref(), Some(&"on purpose: in poll"));
    assert_eq!(runtime.block_on(runtime.spawn(async { 1 })).unwrap(), 1);
}

#[test]
fn a_waker_that_panics_in_the_driver_ends_the_process_on_tokio() {
    let ended = in_child(LONG, || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let _entered = runtime.enter();
        let mut sleep = pin!(tokio::time::sleep(Duration::from_millis(20)));
        let waker = Waker::from(Arc::new(Panics));
        assert!(sleep.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        std::thread::sleep(LONG);
    });
    assert!(!ended.status.success() && !ended.hung, "{ended:#?}");
}

/// The hook is foreign code that runs in the middle of the runtime's own panics: it finds no lock held.
#[test]
fn a_panic_hook_may_use_the_runtime_that_panics() {
    static RUNTIME: OnceLock<Handle> = OnceLock::new();
    let ended = in_child(LONG, || {
        std::panic::set_hook(Box::new(|_| {
            let Some(runtime) = RUNTIME.get() else { return };
            let _entered = runtime.enter();
            let now = time::Instant::now();
            // Enters the wheel, unless the runtime has ended, and leaves it.
            let mut sleep = Box::pin(time::sleep(LONG));
            sleep.as_mut().reset(now + LONG);
            drop(runtime.spawn(async {}));
        }));
        let runtime = Builder::new_current_thread().start_paused(true).build().unwrap();
        assert!(RUNTIME.set(runtime.handle().clone()).is_ok());
        let _entered = RUNTIME.get().unwrap().enter();
        let panics = |act: &mut dyn FnMut()| {
            assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(act)).is_err());
        };
        panics(&mut time::pause);
        time::resume();
        panics(&mut time::resume);
        let mut polled = Box::pin(time::sleep(LONG));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(polled.as_mut().poll(&mut cx).is_pending());
        let mut new = Box::pin(time::sleep(LONG));
        runtime.shutdown_background();
        panics(&mut || _ = new.as_mut().poll(&mut cx));
        panics(&mut || _ = polled.as_mut().poll(&mut Context::from_waker(Waker::noop())));
    });
    assert!(ended.status.success(), "{ended:#?}");
}

/// They run when the thread is no longer counted, and its thread-locals may be gone.
#[test]
fn destructors_of_thread_locals_may_use_the_runtime() {
    struct Spawns(Handle);
    impl Drop for Spawns {
        fn drop(&mut self) {
            drop(self.0.spawn(async {}));
            drop(self.0.spawn_blocking(|| ()));
            let _whatever = Handle::try_current();
        }
    }
    thread_local!(static OWN: std::cell::RefCell<Vec<Spawns>> = const { std::cell::RefCell::new(Vec::new()) });
    let ended = in_child(LONG, || {
        for runtime in [Builder::new_current_thread(), Builder::new_multi_thread()] {
            let runtime = { runtime }.build().unwrap();
            let (on_worker, in_pool) = (runtime.handle().clone(), runtime.handle().clone());
            let keep = |handle| OWN.with_borrow_mut(|own| own.push(Spawns(handle)));
            runtime.block_on(async move {
                tiny_runtime::spawn(async move { keep(on_worker) }).await.unwrap();
                tiny_runtime::task::spawn_blocking(move || keep(in_pool)).await.unwrap();
            });
            drop(runtime);
        }
    });
    assert!(ended.status.success(), "{ended:#?}");
}
