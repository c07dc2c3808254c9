//! A future, run on a paused clock and drawn.

use crate::collect::Recorder;
use crate::error::Error;
use crate::findings::Thresholds;
use crate::model::{Ending, Timeline};
use crate::named;
use crate::text::Drawing;
use std::cell::RefCell;
use std::future::Future;
use std::panic::Location;
use std::sync::OnceLock;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tracing::dispatcher::{self, DefaultGuard, Dispatch};
use tracing::subscriber::NoSubscriber;

/// Tells this crate's own timer from the program's.
pub(crate) const FILE: &str = file!();

/// Of Tokio's clock. If nothing else can happen, the clock is here at once.
const LIMIT: Duration = Duration::from_secs(60 * 60);

/// A poll is long from here on: more than a busy machine takes from a short one.
const LONG_POLL: Duration = Duration::from_millis(200);

/// Runs `future` on a runtime of its own, with one thread and a paused clock, and draws what
/// happened: the same text each time, exact to the poll.
///
/// ```
/// # #[cfg(tokio_unstable)] {
/// use std::time::Duration;
///
/// let drawing = timeline::draw(async { tokio::time::sleep(Duration::from_secs(5)).await });
/// assert!(drawing.to_string().contains("Sleep 5 s wakes main"));
/// # }
/// ```
///
/// Its text is:
///
/// ```text
///    0 ms  ○╌╌◷   main (main.rs:3) is polled → Pending, waits for Sleep 5 s
///          ┊  ╎
///     5 s  ◀╌╌◷   Sleep 5 s wakes main
///          ●      main is polled → Ready
/// ```
///
/// A run that does not end is cut off: after an hour of the paused clock, or after 20,000 events.
///
/// # Non-guarantees
///
/// A single poll that never returns is not cut off: nothing else runs on its thread.
/// The closures of `spawn_blocking` run on threads of their own: what they do beside the future comes in any order.
/// A thread that Tokio does not run is not waited for: the clock moves on without it.
///
/// # Panics
///
/// If the program was built without Tokio's reports, with a message that says which line to add. [`record`] returns
/// the error instead.
#[track_caller]
pub fn draw<F: Future>(future: F) -> Drawing {
    match record_at(Location::caller(), future) {
        Ok((_, timeline)) => Drawing::new(timeline),
        Err(error) => panic!("{error}"),
    }
}

/// Runs `future` on a runtime of its own, with one thread and a paused clock, and returns what it
/// returned, and what happened.
///
/// There is no output if the future did not end: [`Timeline::ending`] says why.
#[track_caller]
pub fn record<F: Future>(future: F) -> Result<(Option<F::Output>, Timeline), Error> {
    record_at(Location::caller(), future)
}

pub(crate) fn record_at<F: Future>(
    at: &Location<'_>,
    future: F,
) -> Result<(Option<F::Output>, Timeline), Error> {
    let recorder = Recorder::paused()?;
    let thresholds = Thresholds { long_poll: LONG_POLL, ..Thresholds::default() };
    if tokio::runtime::Handle::try_current().is_ok() {
        return Err(Error::InsideRuntime);
    }
    hear_of_other_threads();
    let dispatch = Dispatch::new(recorder.subscriber());
    dispatcher::with_default(&dispatch, || {
        let runtime = paused(&dispatch);
        let output = runtime.block_on(async {
            let mut root = std::pin::pin!(named::root(future, at));
            tokio::select! {
                // First, since the picture ends before this moment.
                biased;
                // Before the drop of what still waits: the picture is to show it waiting.
                () = tokio::time::sleep(LIMIT) => Err(recorder.timeline_before(LIMIT, Ending::Stalled, &thresholds)),
                () = recorder.filled() => Err(recorder.timeline_with(Ending::CutOff, &thresholds)),
                output = root.as_mut() => Ok(output),
            }
        });
        // The tasks that are left are dropped with it.
        drop(runtime);
        Ok(match output {
            Ok(output) => (Some(output), recorder.timeline_with(Ending::Finished, &thresholds)),
            Err(stalled) => (None, stalled),
        })
    })
}

/// While there is a single subscriber, `tracing` asks the thread that is the first at a place whether anybody listens
/// there, and keeps its answer for all. A thread that nobody records says no. With a second one it asks both.
fn hear_of_other_threads() {
    static SECOND: OnceLock<Dispatch> = OnceLock::new();
    SECOND.get_or_init(|| Dispatch::new(NoSubscriber::default()));
}

fn paused(dispatch: &Dispatch) -> Runtime {
    thread_local! {
        static DEFAULT: RefCell<Option<DefaultGuard>> = const { RefCell::new(None) };
    }
    let dispatch = dispatch.clone();
    let mut builder = Builder::new_current_thread();
    builder.enable_all().start_paused(true);
    // The closures of `spawn_blocking` report as well.
    builder.on_thread_start(move || DEFAULT.set(Some(dispatcher::set_default(&dispatch))));
    // The order in which `select!` polls is the same in each run.
    #[cfg(tokio_unstable)]
    builder.rng_seed(tokio::runtime::RngSeed::from_bytes(b"timeline"));
    builder.build().expect("a runtime without sockets needs nothing from the system")
}
