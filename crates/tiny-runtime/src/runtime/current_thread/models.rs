//! The future of `block_on`, woken from another thread; and a closure that ends beside a clock that may
//! jump.

use crate::models::current_thread;
use crate::sync::{Arc, UnsafeCell, thread};
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

fn check(preemptions: usize, model: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(preemptions);
    builder.check(model);
}

/// Two threads access the cell, and only `root_woken` or the token orders them.
#[test]
fn the_future_sees_what_was_written_before_its_wake() {
    check(3, || {
        let runtime = current_thread(false);
        let mut writer = None;
        let cell = Arc::new(UnsafeCell::new(0));
        runtime.block_on(poll_fn(|context| {
            if writer.is_some() {
                // SAFETY: the writer has written before it woke this future.
                return Poll::Ready(cell.with(|value| assert_eq!(unsafe { *value }, 1)));
            }
            let (cell, waker) = (cell.clone(), context.waker().clone());
            writer = Some(thread::spawn(move || {
                // SAFETY: the future reads only after it was woken.
                cell.with_mut(|value| unsafe { *value = 1 });
                waker.wake();
            }));
            Poll::Pending
        }));
        writer.unwrap().join().unwrap();
    });
}

#[test]
fn a_clock_does_not_jump_beside_a_closure_that_ends() {
    check(2, || {
        let runtime = current_thread(true);
        let timers = runtime.handle().0.timers.clone();
        let start = timers.clock().now();
        runtime.block_on(async {
            let mut closure = runtime.spawn_blocking(|| ());
            let mut timer = None;
            poll_fn(|context| {
                let deadline = start + Duration::from_secs(3600);
                timer = timer.take().or(timers.register(deadline, context.waker()).unwrap());
                Pin::new(&mut closure).poll(context)
            })
            .await
            .unwrap();
            timer.and_then(|key| timers.cancel(key));
        });
        assert_eq!(timers.clock().now(), start);
    });
}
