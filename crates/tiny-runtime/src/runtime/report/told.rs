//! The spans and events. A span that nobody wants costs one look at a static.
//!
//! A task has a span, `runtime.spawn`, which is entered around each poll, and once more around the drop of
//! its future. A waker's events name the task by the number of that span. Here a future that is reported gets
//! a waker of its own, which reports and passes on: the runtime's waker knows nothing of spans.
//!
//! | access | pairs with | a weaker ordering would lose |
//! |---|---|---|
//! | `is_kept`, swapped in `note_kept` and in `wake_by_ref`, read in `drop`: `Relaxed` | – | nothing: it only decides what is reported |
//!
//! Tokio's counterpart: `tokio/src/util/trace.rs`. There the waker of the task reports.

use pin_project_lite::pin_project;
use std::ops::Deref;
use std::panic::Location;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Weak}; // `Wake` demands std's
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;
use tracing::instrument::{Instrument, Instrumented};
use tracing::{Dispatch, Span, dispatcher, trace, trace_span};

/// Reports the polls and wakes of a task, or of the future of `block_on`. Call it on the thread that spawns.
#[track_caller]
pub(crate) fn future<F: Future>(kind: &'static str, future: F) -> Instrumented<Reported<F>> {
    let location = Location::caller();
    let span = trace_span!(
        target: "tokio::task",
        parent: None,
        "runtime.spawn",
        kind,
        size.bytes = size_of::<F>() as u64,
        loc.file = location.file(),
        loc.line = location.line(),
        loc.col = location.column(),
    );
    let id = span.id().map(|id| id.into_u64());
    Reported { future, id, relay: Weak::new() }.instrument(span)
}

/// Reports the run of a closure.
#[track_caller]
pub(crate) fn closure<F: FnOnce() -> R, R>(closure: F) -> impl FnOnce() -> R {
    /// Tokio enters the span once more when it drops the closure.
    struct Dropped(Span);
    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.in_scope(|| ());
        }
    }
    let location = Location::caller();
    let span = trace_span!(
        target: "tokio::task::blocking",
        "runtime.spawn",
        kind = "blocking",
        size.bytes = size_of::<F>() as u64,
        loc.file = location.file(),
        loc.line = location.line(),
        loc.col = location.column(),
    );
    move || {
        let dropped = Dropped(span);
        dropped.0.in_scope(closure)
    }
}

pin_project! {
    pub(crate) struct Reported<F> {
        #[pin]
        future: F,
        // The number of the span, if anybody wants it.
        id: Option<u64>,
        relay: Weak<Relay>,
    }
}

impl<F: Future> Future for Reported<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let Some(id) = *this.id else { return this.future.poll(context) };
        let relay = Relay::between(this.relay, id, context.waker());
        let waker = Waker::from(relay.clone());
        let poll = this.future.poll(&mut Context::from_waker(&waker));
        drop(waker);
        relay.note_kept(poll.is_pending());
        *this.relay = Arc::downgrade(&relay);
        poll
    }
}

/// The waker that a reported future gets. It lives as long as anyone keeps a clone of it.
struct Relay {
    id: u64,
    task: Waker,
    /// The thread that wakes may have no subscriber.
    dispatch: Dispatch,
    is_kept: AtomicBool,
}

impl Relay {
    /// Returns that of the last poll, if it is alive and leads to the same waker.
    fn between(last: &Weak<Self>, id: u64, task: &Waker) -> Arc<Self> {
        let same = last.upgrade().filter(|relay| relay.task.will_wake(task));
        same.unwrap_or_else(|| {
            let (task, dispatch) = (task.clone(), dispatcher::get_default(Dispatch::clone));
            Arc::new(Self { id, task, dispatch, is_kept: AtomicBool::new(false) })
        })
    }

    fn note_kept(self: &Arc<Self>, is_pending: bool) {
        let is_kept = is_pending && Arc::strong_count(self) > 1;
        if !self.is_kept.swap(is_kept, Relaxed) && is_kept {
            self.report("waker.clone");
        }
    }

    fn report(&self, op: &'static str) {
        let report = || trace!(target: "tokio::task::waker", op = op, task.id = self.id);
        dispatcher::with_default(&self.dispatch, report);
    }
}

impl Wake for Relay {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let was_kept = self.is_kept.swap(false, Relaxed);
        self.report(if was_kept { "waker.wake" } else { "waker.wake_by_ref" });
        self.task.wake_by_ref();
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        if self.is_kept.load(Relaxed) {
            self.report("waker.drop");
        }
    }
}

/// The runtime of a `Sleep`, and what it reports. On the heap, so that it takes no more room in a `Sleep`.
#[derive(Debug)]
pub(crate) struct Timer<T>(Box<(T, Spans)>);

#[derive(Debug)]
struct Spans {
    resource: Span,
    op: Span,
    poll: Span,
}

impl<T> Timer<T> {
    #[track_caller]
    pub(crate) fn new(runtime: T) -> Self {
        let location = Location::caller();
        let resource = trace_span!(
            parent: None,
            "runtime.resource",
            concrete_type = "Sleep",
            kind = "timer",
            loc.file = location.file(),
            loc.line = location.line(),
            loc.col = location.column(),
        );
        let op = trace_span!(
            parent: &resource,
            "runtime.resource.async_op",
            source = "Sleep::new_timeout",
        );
        let poll = trace_span!(parent: &op, "runtime.resource.async_op.poll");
        Self(Box::new((runtime, Spans { resource, op, poll })))
    }

    /// It enters the wheel.
    pub(crate) fn set(&self, duration: impl FnOnce() -> Duration) {
        let (_, Spans { resource, .. }) = &*self.0;
        if resource.is_none() {
            return;
        }
        // As Tokio counts: whole milliseconds, rounded up.
        let millis = duration().as_nanos().div_ceil(1_000_000) as u64;
        resource.in_scope(|| {
            trace!(
                target: "runtime::resource::state_update",
                duration = millis,
                duration.unit = "ms",
                duration.op = "override",
            );
        });
    }

    pub(crate) fn polled(&self, is_ready: bool) {
        let (_, Spans { resource, op, poll }) = &*self.0;
        let _spans = (resource.enter(), op.enter(), poll.enter());
        trace!(target: "runtime::resource::poll_op", op_name = "poll_elapsed", is_ready);
    }
}

impl<T> Deref for Timer<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.0
    }
}
