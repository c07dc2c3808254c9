//! A lane for a future inside a task.

use pin_project_lite::pin_project;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::task::{Context, Poll, Wake, Waker};
use tracing::{Dispatch, Span, dispatcher, trace, trace_span};

/// Draws a lane for `future`, which is a part of a task: a branch of `join!` or of `select!`.
///
/// The lane shows the polls of the future, what woke it, and whether it was dropped unfinished. If
/// nothing is recorded, the future is polled as if it stood there alone.
///
/// ```
/// # async fn price() -> u32 { 3 }
/// # async fn stock() -> u32 { 4 }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let (price, stock) = tokio::join!(
///     timeline::named("price", price()),
///     timeline::named("stock", stock()),
/// );
/// # assert_eq!((price, stock), (3, 4));
/// # }
/// ```
#[track_caller]
pub fn named<F: Future>(name: &str, future: F) -> Named<F> {
    let location = Location::caller();
    let span = trace_span!(
        target: "timeline::future",
        parent: None,
        "future",
        kind = "named",
        name = &*on_a_line(name),
        size.bytes = size_of::<F>() as u64,
        loc.file = location.file(),
        loc.line = location.line(),
    );
    Named { future, lane: Lane { span, link: Weak::new() } }
}

/// Escapes what would break the row of a drawing, or tell a terminal something.
fn on_a_line(name: &str) -> String {
    let escaped = |letter: char| match letter.is_control() {
        true => letter.escape_default().to_string(),
        false => letter.to_string(),
    };
    name.chars().map(escaped).collect()
}

/// The future of [`draw`](crate::draw). Call it inside `block_on`: its lane is that of `block_on`.
pub(crate) fn root<F: Future>(future: F, location: &Location<'_>) -> Named<F> {
    let span = trace_span!(
        target: "timeline::future",
        parent: None,
        "future",
        kind = "root",
        size.bytes = size_of::<F>() as u64,
        loc.file = location.file(),
        loc.line = location.line(),
    );
    Named { future, lane: Lane { span, link: Weak::new() } }
}

pin_project! {
    /// A future with a lane of its own. Made by [`named`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct Named<F> {
        #[pin]
        future: F,
        lane: Lane,
    }

    impl<F> PinnedDrop for Named<F> {
        fn drop(this: Pin<&mut Self>) {
            // Before the drop of the future: what its parts do then belongs to its end.
            let lane = this.project().lane;
            if let Some(id) = lane.id() {
                trace!(target: "timeline::drop", op = "drop", task.id = id);
            }
        }
    }
}

#[derive(Debug)]
struct Lane {
    span: Span,
    /// Lives as long as somebody keeps a waker of the last poll.
    link: Weak<Link>,
}

impl<F: Future> Future for Named<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let Some(id) = this.lane.id() else { return this.future.poll(cx) };
        let entered = this.lane.span.enter();
        let link = Link::between(&this.lane.link, id, cx.waker());
        let waker = Waker::from(link.clone());
        let poll = this.future.poll(&mut Context::from_waker(&waker));
        drop(waker);
        link.note_kept(poll.is_pending());
        trace!(target: "timeline::poll", is_ready = poll.is_ready());
        drop(entered);
        this.lane.link = Arc::downgrade(&link);
        poll
    }
}

impl Lane {
    /// Returns None if nothing is recorded.
    fn id(&self) -> Option<u64> {
        self.span.id().map(|id| id.into_u64())
    }
}

/// The waker that a named future gets. Whatever keeps it keeps this alive, so its drop is that of the last waker.
#[derive(Debug)]
struct Link {
    id: u64,
    task: Waker,
    /// Another thread may wake, and that thread may have no subscriber.
    dispatch: Dispatch,
    is_kept: AtomicBool,
}

impl Link {
    /// Takes the one of the last poll if it still leads to the same task: then `will_wake` holds, and is kept anew by nobody.
    fn between(last: &Weak<Link>, id: u64, task: &Waker) -> Arc<Link> {
        let same = last.upgrade().filter(|link| link.task.will_wake(task));
        same.unwrap_or_else(|| {
            let (task, dispatch) = (task.clone(), dispatcher::get_default(Dispatch::clone));
            Arc::new(Link { id, task, dispatch, is_kept: AtomicBool::new(false) })
        })
    }

    /// Tells the recorder if the poll left a waker somewhere that was not there before.
    fn note_kept(self: &Arc<Self>, is_pending: bool) {
        let is_kept = is_pending && Arc::strong_count(self) > 1;
        // Relaxed: it only says what to report.
        let was_kept = self.is_kept.swap(is_kept, Ordering::Relaxed);
        if is_kept && !was_kept {
            self.report("waker.clone");
        }
    }

    fn report(&self, op: &'static str) {
        let report = || trace!(target: "tokio::task::waker", op = op, task.id = self.id);
        dispatcher::with_default(&self.dispatch, report);
    }
}

impl Wake for Link {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // If it is still there after the next poll, it is kept anew.
        let was_kept = self.is_kept.swap(false, Ordering::Relaxed);
        self.report(if was_kept { "waker.wake" } else { "waker.wake_by_ref" });
        self.task.wake_by_ref();
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        if self.is_kept.load(Ordering::Relaxed) {
            self.report("waker.drop");
        }
    }
}
