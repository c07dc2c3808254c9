//! A task that yields, and those who wake or abort it meanwhile: it is queued once.

use crate::runtime::scheduler::inject::Inject;
use crate::runtime::task::JoinHandle;
use crate::runtime::task::{self, Header, Notified, Schedule};
use crate::sync::atomic::AtomicBool;
use crate::sync::atomic::Ordering::SeqCst;
use crate::sync::{Arc, thread};
use std::future::poll_fn;
use std::ptr::NonNull;
use std::task::{Poll, Waker};

struct World {
    queue: Inject,
    /// The task that runs has yielded.
    yields: AtomicBool,
}

#[derive(Clone, Copy)]
struct WorldRef(NonNull<World>);

impl WorldRef {
    fn world(&self) -> &World {
        // SAFETY: a model keeps its world until its task is over.
        unsafe { self.0.as_ref() }
    }
}

impl Schedule for WorldRef {
    fn schedule(self, task: Notified) {
        let _open = self.world().queue.push(task);
    }

    fn has_yielded(self) -> bool {
        self.world().yields.swap(false, SeqCst)
    }

    fn yield_now(self, task: Notified) {
        self.schedule(task);
    }

    fn track(self, _: NonNull<Header>) {}

    fn untrack(self, _: NonNull<Header>) {}
}

/// A task that yields once, run while another thread does `meddle` with its handle and its waker.
fn beside(meddle: fn(&JoinHandle<u32>, Waker)) -> Poll<Result<u32, crate::task::JoinError>> {
    let world = Arc::new(World { queue: Inject::new(), yields: AtomicBool::new(false) });
    let (wakers, kept) = std::sync::mpsc::channel();
    let yields = world.clone();
    let mut polls = 0;
    let future = poll_fn(move |context| {
        polls += 1;
        match polls {
            1 => wakers.send(context.waker().clone()).unwrap(),
            2 => yields.yields.store(true, SeqCst),
            _ => return Poll::Ready(polls),
        }
        Poll::Pending
    });
    let (task, handle) = task::new(future, WorldRef(NonNull::from(&*world)));
    task.run();
    let waker = kept.recv().unwrap();
    waker.wake_by_ref();
    let meddler = thread::spawn(move || {
        meddle(&handle, waker);
        handle
    });
    crate::models::run_all(&world.queue);
    let mut handle = meddler.join().unwrap();
    crate::models::run_all(&world.queue);
    crate::models::poll(&mut handle, Waker::noop())
}

#[test]
fn a_wake_up_beside_a_yield_queues_the_task_once() {
    // Queued twice it would be run twice, and be started when it is over.
    loom::model(|| {
        assert!(matches!(beside(|_, waker| waker.wake()), Poll::Ready(Ok(3))));
    });
}

#[test]
fn an_abort_beside_a_yield_ends_the_task() {
    loom::model(|| {
        let Poll::Ready(ended) = beside(|handle, _waker| handle.abort()) else {
            panic!("it is over, one way or the other");
        };
        // The abort may come too late.
        assert!(ended.map_or_else(|error| error.is_cancelled(), |polls| polls == 3));
    });
}
