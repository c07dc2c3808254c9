//! Where lanes end. Tokio enters the span of a task once more when it drops the future, which is no
//! poll; and it does not say what a poll returned. Only what comes later tells.

use crate::collect::raw::{RawOutcome, RawWhat, Recording};
use crate::model::Kind;

/// The beginning or the end of a visit to a span, as it turned out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// No poll: the future is dropped.
    Drop { finished: bool },
    /// The end of the last poll, which returned `Ready`.
    Last,
}

pub(super) struct Ends {
    /// Only what differs from a poll that returned `Pending`, by index of the event.
    parts: Vec<Option<Part>>,
    /// The thread slept after this event.
    sleeps: Vec<bool>,
}

/// The visits to one span that matter: the last one, and the end of the one before.
#[derive(Debug, Clone, Copy, Default)]
struct Visits {
    count: usize,
    last: Option<(usize, Option<usize>)>,
    /// Where the visit before the last one ended, and whether nothing came between on that thread.
    before: Option<(usize, bool)>,
    /// A wake came between the beginning of the visit before and the last one.
    is_woken: bool,
    is_woken_since: bool,
    is_closed: bool,
}

impl Ends {
    pub(super) fn of(recording: &Recording) -> Ends {
        let mut ends = Ends {
            parts: vec![None; recording.events.len()],
            sleeps: vec![false; recording.events.len()],
        };
        let mut visits = vec![Visits::default(); recording.lanes.len()];
        let mut last_on: Vec<Option<usize>> = vec![None; recording.threads.len()];
        for (index, raw) in recording.events.iter().enumerate() {
            let previous = last_on[raw.thread as usize].replace(index);
            match raw.what {
                RawWhat::Entered(lane) => visits[lane as usize].enter(index, previous),
                RawWhat::Exited { lane, .. } => visits[lane as usize].exit(index),
                RawWhat::Waker { lane, op } if op.is_wake() => {
                    visits[lane as usize].is_woken_since = true;
                }
                RawWhat::Closed(lane) => visits[lane as usize].is_closed = true,
                RawWhat::Unparked => {
                    if let Some(previous) = previous {
                        ends.sleeps[previous] = true;
                    }
                }
                _ => {}
            }
        }
        for (last, thread) in last_on.iter().zip(&recording.threads) {
            if let (Some(last), true) = (last, thread.is_parked) {
                ends.sleeps[*last] = true;
            }
        }
        for (visits, facts) in visits.iter().zip(&recording.lanes) {
            if matches!(facts.kind, Kind::Root | Kind::Task | Kind::Closure) {
                ends.note(recording, visits);
            }
        }
        ends
    }

    /// The last visit to the span of a task that is gone was the drop of its future.
    fn note(&mut self, recording: &Recording, visits: &Visits) {
        let Some((begin, end)) = visits.last else { return };
        // If something else holds the span, a task that nobody has woken cannot be polled again.
        let is_unwoken =
            visits.count > 1 && !visits.is_woken && visits.is_reported(recording, begin);
        if !(visits.is_closed || is_unwoken) {
            return;
        }
        let finished = visits.before.is_some_and(|(_, is_adjacent)| is_adjacent);
        let outcome = |end: usize| match recording.events[end].what {
            RawWhat::Exited { outcome, .. } => outcome,
            _ => RawOutcome::Unknown,
        };
        let panicked = visits.before.is_some_and(|(end, _)| outcome(end) == RawOutcome::Panicked);
        self.parts[begin] = Some(Part::Drop { finished: finished && !panicked });
        if let Some(end) = end {
            self.parts[end] = self.parts[begin];
        }
        if let (Some((before, _)), true) = (visits.before, finished) {
            self.parts[before] = Some(Part::Last);
        }
    }

    pub(super) fn part(&self, index: usize) -> Option<Part> {
        self.parts[index]
    }

    pub(super) fn sleeps_after(&self, index: usize) -> bool {
        self.sleeps[index]
    }
}

impl Visits {
    /// `previous` is the event before, on the same thread.
    fn enter(&mut self, index: usize, previous: Option<usize>) {
        let end = self.last.and_then(|(_, end)| end);
        self.before = end.map(|end| (end, previous == Some(end)));
        self.last = Some((index, None));
        self.count += 1;
        self.is_woken = std::mem::take(&mut self.is_woken_since);
    }

    fn exit(&mut self, index: usize) {
        if let Some((_, end)) = &mut self.last {
            *end = Some(index);
        }
    }

    fn is_reported(&self, recording: &Recording, index: usize) -> bool {
        match recording.events[index].what {
            RawWhat::Entered(lane) => {
                let facts = &recording.lanes[lane as usize];
                facts.kind == Kind::Task && facts.reports_wakes
            }
            _ => false,
        }
    }
}
