//! With the feature `tracing` this runtime tells what Tokio tells: `timeline` draws the same of both.

#![cfg(all(not(loom), tokio_unstable))] // without the flag Tokio tells nothing
#![expect(clippy::duplicate_mod, reason = "the same programs, on two runtimes")]

use std::future::Future;
use timeline::model::{Ending, FindingKind};
use timeline::{Drawing, Recorder, Runtime, Thresholds, Timeline};
use tracing::{Dispatch, dispatcher};

#[path = "timeline"]
mod on_tokio {
    mod rt {
        pub use tokio::{spawn, task, time};
    }
    pub mod programs;
}

#[path = "timeline"]
mod on_tiny_runtime {
    mod rt {
        pub use tiny_runtime::{spawn, task, time};
    }
    pub mod programs;
}

/// Runs the program as `timeline::draw` runs it on Tokio.
fn on_tiny_runtime(program: impl Future) -> Timeline {
    use tiny_runtime::runtime::{Builder, Handle};
    use tiny_runtime::time::Instant;

    let runtime =
        Runtime { now: || Instant::now().into_std(), is_inside: || Handle::try_current().is_ok() };
    let recorder = Recorder::of_runtime(runtime).unwrap();
    let dispatch = Dispatch::new(recorder.subscriber());
    dispatcher::with_default(&dispatch, || {
        Builder::new_current_thread().start_paused(true).build().unwrap().block_on(program);
    });
    recorder.timeline_with(Ending::Finished, &Thresholds::default())
}

/// Without the line in which this file starts the program, and without long polls: a busy machine makes any poll long.
fn drawn(mut timeline: Timeline) -> String {
    timeline.findings.retain(|finding| finding.kind != FindingKind::LongPoll);
    let root = timeline.root().unwrap();
    timeline.lanes[root.0 as usize].location = None;
    Drawing::new(timeline).to_string()
}

macro_rules! the_same_of_both {
    ($($name:ident,)*) => { $(
        #[test]
        fn $name() {
            let (_, timeline) = timeline::record(on_tokio::programs::$name()).unwrap();
            let tokio = drawn(timeline);
            let tiny = drawn(on_tiny_runtime(on_tiny_runtime::programs::$name()));
            assert_eq!(tiny, tokio, "\n{tiny}\nand on Tokio\n{tokio}");
        }
    )* };
}

the_same_of_both! {
    two_timers,
    the_loser_is_dropped,
    tasks_that_wait_for_each_other,
    a_lock,
    tasks_that_end_in_every_way,
    many,
}
