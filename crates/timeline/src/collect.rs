//! The collector: it keeps what Tokio reports, in a buffer that has an end.

mod fields;
mod layer;
pub(crate) mod raw;
mod resources;
mod spans;
mod state;
mod tasks;
mod threads;

use crate::error::Error;
use crate::findings::Thresholds;
use crate::model::{Ending, Timeline};
use fields::Fields;
use raw::Recording;
use state::State;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry;

/// Records what a program does, from the moment its [`Recorder::subscriber`] is installed.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let recorder = timeline::Recorder::new()?;
/// tracing::subscriber::set_global_default(recorder.subscriber())?;
/// // … the program …
/// println!("{:#?}", recorder.timeline(timeline::model::Ending::Finished));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Recorder {
    shared: Arc<Shared>,
}

/// A runtime that reports in Tokio's words, and is not Tokio.
#[derive(Debug, Clone, Copy)]
pub struct Runtime {
    /// The time by its clock, on any thread.
    pub now: fn() -> Instant,
    /// Tells whether this thread is one of its own, or inside its `block_on`.
    pub is_inside: fn() -> bool,
}

const TOKIO: Runtime = Runtime {
    now: || tokio::time::Instant::now().into_std(),
    is_inside: || tokio::runtime::Handle::try_current().is_ok(),
};

#[derive(Debug)]
struct Shared {
    runtime: Runtime,
    state: Mutex<State>,
    /// The buffer is full: from now on reports are only counted, so that the program is not slowed down for nothing.
    is_full: AtomicBool,
    /// Told when it is.
    filled: Notify,
    dropped: AtomicUsize,
}

impl Recorder {
    /// The default of [`Recorder::with_capacity`]. The buffer then takes 8 MB at most.
    pub const CAPACITY: usize = 250_000;

    /// On a paused clock a task can wake itself over and over, and no time passes. Nobody reads so much.
    const DRAWN: usize = 20_000;

    /// Fails if this program was built without Tokio's reports. The error names the line to add, and where.
    pub fn new() -> Result<Recorder, Error> {
        Recorder::with_capacity(Recorder::CAPACITY)
    }

    /// Keeps the first `events` events, and counts the others.
    pub fn with_capacity(events: usize) -> Result<Recorder, Error> {
        crate::error::check()?;
        Ok(Recorder::start(State::new(events, false, TOKIO.is_inside), TOKIO))
    }

    /// For a clock that stands still from the first event on.
    pub(crate) fn paused() -> Result<Recorder, Error> {
        crate::error::check()?;
        Ok(Recorder::start(State::new(Recorder::DRAWN, true, TOKIO.is_inside), TOKIO))
    }

    /// Records a program on another runtime. Tokio's channels and locks report there as well.
    pub fn of_runtime(runtime: Runtime) -> Result<Recorder, Error> {
        crate::error::check()?;
        let state = State::new(Recorder::CAPACITY, false, runtime.is_inside);
        Ok(Recorder::start(state, runtime))
    }

    fn start(state: State, runtime: Runtime) -> Recorder {
        let (is_full, dropped) = (AtomicBool::new(false), AtomicUsize::new(0));
        let (state, filled) = (Mutex::new(state), Notify::new());
        let shared = Shared { runtime, state, is_full, filled, dropped };
        Recorder { shared: Arc::new(shared) }
    }

    /// Returns all that a program needs if it has no other subscriber.
    pub fn subscriber(&self) -> impl Subscriber + Send + Sync + use<> {
        registry().with(filter_fn(is_ours)).with(self.layer())
    }

    /// Returns the layer, to stand beside others. Tokio reports at the level `TRACE`; give the others filters of their own.
    pub fn layer(&self) -> layer::Recording {
        layer::Recording { shared: self.shared.clone() }
    }

    /// Returns what was recorded so far. The recording goes on.
    pub fn timeline(&self, ending: Ending) -> Timeline {
        self.timeline_with(ending, &Thresholds::default())
    }

    /// Points out what passes these thresholds.
    pub fn timeline_with(&self, ending: Ending, thresholds: &Thresholds) -> Timeline {
        crate::assemble::timeline(&self.recording(), ending, thresholds)
    }

    /// Returns what was recorded before this time.
    pub(crate) fn timeline_before(
        &self,
        end: Duration,
        ending: Ending,
        thresholds: &Thresholds,
    ) -> Timeline {
        let mut recording = self.recording();
        let end = end.as_nanos() as u64;
        recording.events.truncate(recording.events.partition_point(|event| event.at < end));
        crate::assemble::timeline(&recording, ending, thresholds)
    }

    /// Waits until the buffer is full.
    pub(crate) async fn filled(&self) {
        self.shared.filled.notified().await;
    }

    fn recording(&self) -> Recording {
        let mut state = self.shared.lock();
        state.look_at_sleepers();
        let mut recording = state.recording.clone();
        recording.events_dropped += self.shared.dropped.load(Ordering::Relaxed) as u64;
        recording
    }
}

impl Shared {
    /// Calls `note` with the time and this thread's index.
    fn note(&self, note: impl FnOnce(&mut State, Instant, u32)) {
        // Relaxed: a thread that sees it late finds the buffer full as well.
        if self.is_full.load(Ordering::Relaxed) {
            self.dropped.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let Some(number) = threads::number() else { return };
        let now = (self.runtime.now)();
        let mut state = self.lock();
        let thread = state.thread(number);
        note(&mut state, now, thread);
        if state.is_full() {
            self.is_full.store(true, Ordering::Relaxed);
            // The task that waits for it may ask for the lock at once.
            drop(state);
            self.filled.notify_one();
        }
    }

    /// A panic inside leaves at worst an event out.
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells whether a span or event is one that this crate reads.
fn is_ours(metadata: &Metadata<'_>) -> bool {
    let (name, target) = (metadata.name(), metadata.target());
    if metadata.is_span() {
        name == "runtime.spawn"
            || name.starts_with("runtime.resource")
            || target == "timeline::future"
    } else {
        is_waker(target)
            || target.starts_with("runtime::resource")
            || matches!(target, "timeline::poll" | "timeline::drop")
    }
}

/// Other runtimes, such as compio's, have this second name.
fn is_waker(target: &str) -> bool {
    matches!(target, "tokio::task::waker" | "runtime::waker")
}

/// Tells whether a resource was made by this crate itself.
fn is_own(fields: &Fields) -> bool {
    fields.location().is_some_and(|location| location.file == crate::draw::FILE)
}
