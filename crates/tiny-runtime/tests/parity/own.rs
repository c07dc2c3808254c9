//! The promises of tiny-runtime alone.

use std::cell::RefCell;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;
use tiny_runtime::runtime::{Builder, Handle, Runtime};

fn permutations(of: &[usize]) -> Vec<Vec<usize>> {
    if of.is_empty() {
        return vec![Vec::new()];
    }
    let with_first = |first: usize| {
        let rest: Vec<_> = of.iter().copied().filter(|other| *other != first).collect();
        permutations(&rest).into_iter().map(move |rest| [vec![first], rest].concat())
    };
    of.iter().copied().flat_map(with_first).collect()
}

/// The guards go in any order: the current runtime is that of the last one that lives.
#[test]
fn the_current_runtime_is_that_of_the_last_guard_that_lives() {
    let build = |workers| Builder::new_multi_thread().worker_threads(workers).build_stepped();
    // Told apart by their workers, which have no threads.
    let runtimes: Vec<_> = (1..=4).map(|workers| build(workers).unwrap()).collect();
    for order in permutations(&[0, 1, 2, 3]) {
        let mut guards: Vec<_> =
            runtimes.iter().map(|runtime| Some(runtime.handle().enter())).collect();
        for dropped in order {
            let guard = guards[dropped].take();
            let is_last = guards[dropped..].iter().all(Option::is_none);
            let panics = catch_unwind(AssertUnwindSafe(|| drop(guard))).is_err();
            assert_eq!(panics, !is_last);
            let current = Handle::try_current().ok().map(|handle| handle.metrics().num_workers());
            assert_eq!(current, guards.iter().rposition(Option::is_some).map(|last| last + 1));
        }
    }
}

/// The destructor waits for what comes after the drop. Tokio joins its threads: there it waits in vain.
#[test]
fn the_end_does_not_wait_for_destructors_of_thread_locals() {
    struct Last(mpsc::Receiver<()>, mpsc::Sender<bool>);
    impl Drop for Last {
        fn drop(&mut self) {
            self.1.send(self.0.recv_timeout(Duration::from_secs(20)).is_ok()).unwrap();
        }
    }
    thread_local! {
        static LAST: RefCell<Option<Last>> = const { RefCell::new(None) };
    }
    let ((ended, has_ended), (answer, was_after_the_end)) = (mpsc::channel(), mpsc::channel());
    let runtime = Runtime::new().unwrap();
    let closure = move || LAST.set(Some(Last(has_ended, answer)));
    runtime.block_on(runtime.spawn_blocking(closure)).unwrap();
    drop(runtime);
    ended.send(()).unwrap();
    assert!(was_after_the_end.recv().unwrap());
}

/// Which is why there is no `num_alive_tasks`: a task that never waits is not known, and costs less.
#[test]
fn tasks_are_counted_from_their_first_wait_to_their_end() {
    let runtime: Runtime = Builder::new_current_thread().build().unwrap();
    let waiting = || runtime.metrics().num_waiting_tasks();
    let waits = runtime.spawn(std::future::pending::<()>());
    let ends = runtime.spawn(async {});
    assert_eq!(waiting(), 0, "both are spawned");
    runtime.block_on(ends).unwrap();
    assert_eq!(waiting(), 1, "one has waited");
    waits.abort();
    assert!(runtime.block_on(waits).unwrap_err().is_cancelled());
    assert_eq!(waiting(), 0);
}

/// They are made non-blocking instead of refused, where the system does not tell or nobody asks.
#[cfg(not(debug_assertions))]
#[test]
fn without_debug_assertions_a_blocking_socket_is_made_non_blocking() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let runtime: Runtime = Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let listener = tiny_runtime::net::TcpListener::from_std(listener).unwrap();
        let limit = std::time::Duration::from_millis(1);
        assert!(tiny_runtime::time::timeout(limit, listener.accept()).await.is_err());
    });
}

/// The builder that was asked for a runtime of another flavor is still the same.
#[test]
fn a_stepped_runtime_leaves_its_builder_as_it_is() {
    let mut builder = Builder::new_current_thread();
    drop(builder.build_stepped().unwrap());
    let runtime: Runtime = builder.build().unwrap();
    // A current thread: nothing runs outside of `block_on`.
    let task = runtime.spawn(async {});
    std::thread::yield_now();
    assert!(!task.is_finished());
    runtime.block_on(task).unwrap();
}

/// On Tokio the process ends.
#[test]
fn a_forgotten_guard_harms_no_thread_of_the_runtime() {
    for runtime in [
        Builder::new_current_thread().build().unwrap(),
        Builder::new_multi_thread().worker_threads(1).build().unwrap(),
    ] {
        let handle = runtime.handle().clone();
        let forgets = runtime.spawn(async move { mem::forget(handle.enter()) });
        let handle = runtime.handle().clone();
        let closure = runtime.spawn_blocking(move || mem::forget(handle.enter()));
        // On a thread of its own, since the guard stays there. With a current thread it is forgotten in
        // this `block_on`, which says so.
        let both = || runtime.block_on(async { (forgets.await.unwrap(), closure.await.unwrap()) });
        let _ = thread::scope(|scope| scope.spawn(both).join());
        assert_eq!(runtime.block_on(runtime.spawn_blocking(|| 1)).unwrap(), 1);
        drop(runtime);
    }
}
