//! A destructor may spawn, block, panic, own a runtime or a handle. It harms no other task.

use super::rt::{self, runtime::Builder, runtime::Handle, runtime::Runtime};
use super::{LONG, one_thread, workers};
use std::cell::RefCell;
use std::future::{Future, pending};
use std::panic::resume_unwind;
use std::pin::Pin;
use std::sync::{Arc, Barrier, mpsc};
use std::task::{Context, Poll};
use std::thread;
use utils::probe::in_child;

/// Runs a closure when it is dropped.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

impl<F: FnMut() + Unpin> Future for OnDrop<F> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }
}

/// It would wait for the thread that drops it.
#[test]
fn a_runtime_dropped_by_its_own_panicking_task_does_not_wait() {
    let runtime = Arc::new(workers(1));
    let owned = runtime.clone();
    let (last, is_last) = mpsc::channel::<()>();
    let (over, end) = mpsc::channel::<()>();
    rt::spawn_on(&runtime, async move {
        // In this order: the runtime first.
        let (_over, _runtime) = (over, owned);
        is_last.recv().unwrap_err();
        resume_unwind(Box::new("on purpose"));
    });
    drop(runtime);
    drop(last);
    assert_eq!(end.recv_timeout(LONG), Err(mpsc::RecvTimeoutError::Disconnected));
}

/// On either runtime it is told that it must not.
#[test]
fn a_destructor_that_blocks_does_not_stop_the_end() {
    let ended = in_child(LONG, || {
        let runtime = workers(1);
        let begun = Arc::new(Barrier::new(2));
        let begins = begun.clone();
        rt::spawn_on(&runtime, async move {
            let blocks = || Handle::current().block_on(rt::time::sleep(LONG));
            let _blocks = OnDrop(blocks);
            begins.wait();
            pending::<()>().await;
        });
        begun.wait();
        drop(runtime);
    });
    assert!(ended.status.success(), "{ended:#?}");
}

#[test]
fn a_runtime_of_a_thread_ends_with_its_thread() {
    thread_local!(static OWN: RefCell<Option<Runtime>> = const { RefCell::new(None) });
    thread::spawn(|| {
        OWN.set(Some(one_thread()));
        OWN.with_borrow(|own| {
            own.as_ref().unwrap().block_on(async { drop(rt::spawn(pending::<()>())) })
        });
    })
    .join()
    .unwrap();
}

/// On a thread of the pool: the output that nobody takes, and the closure that does not run.
#[test]
fn a_closure_and_its_output_are_dropped_inside_of_the_runtime() {
    let mut builder = Builder::new_current_thread();
    let runtime = builder.max_blocking_threads(1).build().unwrap();
    let (log, seen) = mpsc::channel();
    let there_is_a_runtime = move || log.send(Handle::try_current().is_ok()).unwrap();
    let gate = Arc::new(Barrier::new(2));
    let (opens, guard) = (gate.clone(), OnDrop(there_is_a_runtime.clone()));
    drop(rt::spawn_blocking_on(&runtime, move || {
        opens.wait();
        OnDrop(there_is_a_runtime)
    }));
    let aborted = rt::spawn_blocking_on(&runtime, move || drop(guard));
    aborted.abort();
    gate.wait();
    assert!(rt::block_on(&runtime, aborted).unwrap_err().is_cancelled());
    assert_eq!(seen.iter().take(2).collect::<Vec<_>>(), [true, true]);
}

/// There is none: the future is dropped by the panic, and nothing is borrowed meanwhile.
#[test]
fn a_future_spawned_without_a_runtime_may_look_for_one_as_it_is_dropped() {
    let runtime = one_thread();
    let handle = runtime.handle().clone();
    let panic = thread::spawn(move || drop(rt::spawn(OnDrop(move || drop(handle.enter())))));
    assert!(panic.join().is_err());
}
