//! Guards of `enter`: dropped in the reverse order that they were made in, or there is a panic.

use super::rt::{runtime::Handle, task::spawn_local, task::yield_now};
use super::{either, local, one_thread, workers};
use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

/// On a thread of its own, since Tokio leaves a runtime current there.
fn apart(test: impl FnOnce() + Send) {
    thread::scope(|scope| scope.spawn(test).join()).unwrap();
}

fn panic_of<T>(work: impl FnOnce() -> T) -> String {
    let Err(payload) = catch_unwind(AssertUnwindSafe(work)) else { return String::new() };
    match payload.downcast::<String>() {
        Ok(message) => *message,
        Err(payload) => payload.downcast_ref::<&str>().unwrap().to_string(),
    }
}

const OUT_OF_ORDER: &str = "`EnterGuard` values dropped out of order.";

#[test]
fn a_guard_dropped_before_a_later_one_panics() {
    apart(|| {
        let (one, two) = (one_thread(), workers(1));
        let (first, second) = (one.enter(), two.enter());
        let message = panic_of(|| drop(first));
        assert!(message.starts_with(OUT_OF_ORDER), "{message}");
        assert_eq!(Handle::current().metrics().num_workers(), 1);
        drop(second);
        // On Tokio the first stays current, though its guard is gone.
        assert_eq!(Handle::try_current().is_ok(), either(true, false));
    });
}

#[test]
fn of_three_each_that_is_dropped_too_early_panics() {
    apart(|| {
        let runtime = one_thread();
        let (first, second, third) = (runtime.enter(), runtime.enter(), runtime.enter());
        assert!(panic_of(|| drop(second)).starts_with(OUT_OF_ORDER));
        assert!(panic_of(|| drop(first)).starts_with(OUT_OF_ORDER));
        assert_eq!(panic_of(|| drop(third)), "");
        assert_eq!(Handle::try_current().is_ok(), either(true, false));
    });
}

/// It would be a second panic, which ends the process.
#[test]
fn a_guard_dropped_too_early_by_a_panic_says_nothing() {
    apart(|| {
        let runtime = one_thread();
        let message = panic_of(|| {
            let _both = (runtime.enter(), runtime.enter());
            panic!("on purpose");
        });
        assert_eq!(message, "on purpose");
    });
}

#[test]
fn a_guard_that_outlives_its_block_on_panics_there() {
    apart(|| {
        let (runtime, other) = (local(), Box::leak(Box::new(one_thread())));
        let message = panic_of(|| {
            runtime.block_on(async {
                spawn_local(async {
                    let _entered = other.enter();
                    pending::<()>().await;
                });
                yield_now().await;
            });
        });
        assert!(message.starts_with(OUT_OF_ORDER), "{message}");
    });
}
