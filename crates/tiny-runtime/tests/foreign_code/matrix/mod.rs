//! The cells: each place, each act, on each flavor. Written once, run on both runtimes.

mod acts;
mod driving;
mod probe;
mod tasks;
mod wakers;

use super::rt;
use acts::{Act, World};
use rt::runtime::{Builder, Runtime};
use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Once};
use std::thread;
use std::time::Duration;

/// Only a hang takes so long.
const LONG: Duration = Duration::from_secs(if cfg!(miri) { 600 } else { 60 });

/// When foreign code runs.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Event {
    Poll,
    Clone,
    Wake,
    Drop,
    /// While a thread unwinds.
    DropByPanic,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Flavor {
    OneThread,
    /// One: nobody stands in for it if it dies.
    Worker,
}

impl Flavor {
    fn build(self) -> Runtime {
        let mut builder = match self {
            Self::OneThread => Builder::new_current_thread(),
            Self::Worker => Builder::new_multi_thread(),
        };
        builder.worker_threads(1).max_blocking_threads(2).enable_all().build().unwrap()
    }
}

type Visit = dyn Fn(&Arc<World>) -> String + Send + Sync;

/// Where foreign code runs: what it is, when it acts, and how to get there. Returns what the
/// caller's own calls have returned.
struct Place {
    name: String,
    acts_at: &'static [Event],
    visit: Box<Visit>,
}

/// A cell of the matrix, as its name, and what the caller's own calls returned.
pub type Outcomes = BTreeMap<String, String>;

/// The outcome of a cell whose runtime does not go on or does not end.
pub const HANGS: &str = "hangs";
/// The outcome of a cell in which an assertion fails.
pub const BREAKS: &str = "breaks";

/// Visits every cell but those that `skips`.
pub fn visit(skips: impl Fn(&str) -> bool) -> Outcomes {
    be_quiet();
    let mut outcomes = Outcomes::new();
    for place in tasks::places().iter().chain(wakers::places()) {
        for act in Act::ALL {
            for flavor in [Flavor::OneThread, Flavor::Worker] {
                let cell = format!("{}: {act:?}, {flavor:?}", place.name);
                if !skips(&cell) {
                    let outcome = visit_within_bounds(place, act, flavor);
                    outcomes.insert(cell, outcome);
                }
            }
        }
    }
    outcomes
}

/// The panics of the runtimes' threads and of the visitors are on purpose, and there are a thousand.
fn be_quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let loud = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let is_test = thread::current().name().is_some_and(|name| name.starts_with("each_"));
            if is_test || is_assertion(info.payload()) {
                loud(info);
            }
        }));
    });
}

fn is_assertion(payload: &dyn Any) -> bool {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.is_some_and(|text| text.starts_with("assert"))
}

fn visit_within_bounds(place: &'static Place, act: Act, flavor: Flavor) -> String {
    let (done, is_done) = mpsc::channel();
    let visitor = thread::spawn(move || _ = done.send(visit_one(place, act, flavor)));
    match is_done.recv_timeout(LONG) {
        Ok(outcome) => {
            visitor.join().unwrap();
            outcome
        }
        Err(RecvTimeoutError::Timeout) => HANGS.into(),
        Err(RecvTimeoutError::Disconnected) => BREAKS.into(),
    }
}

fn visit_one(place: &Place, act: Act, flavor: Flavor) -> String {
    let world = World::new(act, place.acts_at, flavor);
    let outcome = (place.visit)(&world);
    assert!(world.has_acted(), "assert: foreign code runs in {}", place.name);
    // The runtime goes on: one more task, and all that foreign code has spawned.
    if world.has_runtime() {
        assert_eq!(world.drive(async { 7 }), Ok(7), "assert: another task runs");
        let spawned = world.clone();
        let all_have_run = async move {
            while !spawned.all_have_run() {
                rt::task::yield_now().await;
            }
        };
        assert_eq!(world.drive(all_have_run), Ok(()));
    }
    // It ends,
    world.end();
    // and nothing is left. A thread of the pool may hold its job for a moment longer.
    while Arc::strong_count(&world) > 1 {
        thread::yield_now();
    }
    outcome
}

/// Drops what may panic as it is dropped.
fn discard<T>(payload: T) {
    std::mem::forget(catch_unwind(AssertUnwindSafe(|| drop(payload))));
}

/// The result of a call, or its panic.
fn own<R>(call: impl FnOnce() -> R, describe: impl FnOnce(R) -> String) -> String {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(returned) => describe(returned),
        Err(payload) => {
            discard(payload);
            "panicked".into()
        }
    }
}
