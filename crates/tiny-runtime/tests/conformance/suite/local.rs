//! Tasks that are not `Send`: on a `LocalRuntime`, on the one thread that made it.

use super::rt::{
    self, runtime::Builder, runtime::LocalRuntime, task::spawn_local, task::yield_now,
};
use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::task::Poll;
use std::thread;
use std::time::Duration;
use tokio::sync::oneshot;

fn local() -> LocalRuntime {
    Builder::new_current_thread().enable_all().build_local(Default::default()).unwrap()
}

#[test]
fn tasks_share_an_rc_and_stay_on_their_thread() {
    let visits = Rc::new(Cell::new(0));
    let here = thread::current().id();
    local().block_on(async {
        let tasks: Vec<_> = (0..10)
            .map(|_| {
                let visits = visits.clone();
                spawn_local(async move {
                    // The `Rc` is alive across each `.await`, which is what `spawn` refuses.
                    for _ in 0..10 {
                        yield_now().await;
                        assert_eq!(thread::current().id(), here);
                        visits.set(visits.get() + 1);
                    }
                    Rc::clone(&visits)
                })
            })
            .collect();
        for task in tasks {
            assert!(Rc::ptr_eq(&task.await.unwrap(), &visits));
        }
    });
    assert_eq!((visits.get(), Rc::strong_count(&visits)), (100, 1));
}

#[test]
fn local_tasks_run_first_in_first_out_among_the_others() {
    let order = Rc::new(RefCell::new(Vec::new()));
    local().block_on(async {
        for name in ["A", "B", "C"] {
            let order = order.clone();
            spawn_local(async move {
                order.borrow_mut().push(name);
                super::wake_itself().await;
                order.borrow_mut().push(name);
            });
        }
        rt::spawn(async { yield_now().await }).await.unwrap();
        yield_now().await;
    });
    assert_eq!(*order.borrow(), ["A", "B", "C", "A", "B", "C"]);
}

/// The wake comes from another thread; the poll happens here.
#[test]
fn a_wake_from_another_thread_polls_on_the_own_one() {
    let here = thread::current().id();
    local().block_on(async {
        for _ in 0..50 {
            let (sender, receiver) = oneshot::channel();
            let kept = Rc::new(());
            let task = spawn_local(async move {
                let value: u32 = receiver.await.unwrap();
                drop(kept);
                (value, thread::current().id())
            });
            let waker = thread::spawn(move || sender.send(42).unwrap());
            assert_eq!(task.await.unwrap(), (42, here));
            waker.join().unwrap();
        }
    });
}

#[test]
fn a_local_task_is_aborted_panics_and_is_dropped_on_its_thread() {
    struct Here(thread::ThreadId, Rc<Cell<u32>>);
    impl Drop for Here {
        fn drop(&mut self) {
            assert_eq!(thread::current().id(), self.0);
            self.1.set(self.1.get() + 1);
        }
    }
    let drops = Rc::new(Cell::new(0));
    let guard = || Here(thread::current().id(), drops.clone());
    let runtime = local();
    runtime.block_on(async {
        let (aborted, panics, left) = (guard(), guard(), guard());
        let aborted = spawn_local(async move {
            let _aborted = aborted;
            std::future::pending::<()>().await;
        });
        let panics = spawn_local(async move {
            let _panics = panics;
            std::panic::resume_unwind(Box::new("on purpose"));
        });
        spawn_local(async move {
            let _left = left;
            std::future::pending::<()>().await;
        });
        yield_now().await;
        // From another thread: the drop has to come back here.
        let handle = aborted.abort_handle();
        thread::spawn(move || handle.abort()).join().unwrap();
        assert!(aborted.await.unwrap_err().is_cancelled());
        let panicked: Result<(), _> = panics.await;
        assert!(panicked.unwrap_err().is_panic());
    });
    assert_eq!(drops.get(), 2);
    drop(runtime);
    assert_eq!(drops.get(), 3);
}

#[test]
fn timers_closures_and_send_tasks_work_beside_them() {
    let runtime = local();
    let value = runtime.block_on(async {
        let cell = Rc::new(Cell::new(0));
        let task = spawn_local({
            let cell = cell.clone();
            async move {
                rt::time::sleep(Duration::from_millis(1)).await;
                cell.set(rt::spawn_blocking(|| 40).await.unwrap());
            }
        });
        let more = rt::spawn(async { 2 }).await.unwrap();
        task.await.unwrap();
        cell.get() + more
    });
    assert_eq!(value, 42);
}

#[test]
fn spawn_local_elsewhere_panics() {
    let panics = || catch_unwind(AssertUnwindSafe(|| spawn_local(async {}))).is_err();
    assert!(panics());
    assert!(super::one_thread().block_on(async { panics() }));
    assert!(super::workers(1).block_on(async { panics() }));
    local().block_on(async {
        assert!(rt::spawn_blocking(panics).await.unwrap());
        assert!(!panics());
    });
}

/// A future that gives way wakes the waker that it was polled with, and may do no more: the
/// task of that waker has its own thread, and is not even `Send`.
#[test]
fn a_yield_polled_elsewhere_with_its_waker_brings_it_back_to_its_own_thread() {
    let elsewhere = super::workers(1);
    let (here, runtime) = (thread::current().id(), local());
    for _ in 0..20 {
        let (sender, receiver) = std::sync::mpsc::channel::<std::task::Waker>();
        let borrowing = elsewhere.spawn(async move {
            let waker = receiver.recv().unwrap();
            let mut cx = std::task::Context::from_waker(&waker);
            assert!(std::pin::pin!(yield_now()).poll(&mut cx).is_pending());
        });
        let mut sender = Some(sender);
        let task = poll_fn(move |cx| {
            assert_eq!(thread::current().id(), here);
            match sender.take() {
                Some(sender) => {
                    sender.send(cx.waker().clone()).unwrap();
                    Poll::Pending
                }
                None => Poll::Ready(()),
            }
        });
        runtime.block_on(async {
            let woken = rt::time::timeout(super::LONG, spawn_local(task)).await;
            woken.expect("its waker was not called").unwrap();
        });
        elsewhere.block_on(borrowing).unwrap();
    }
}
