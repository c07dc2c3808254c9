//! From what was kept to what happened: a pure function, which reads the recording once from start to end.

mod causes;
mod ends;
mod holders;
mod lanes;
mod wakes;

use crate::collect::raw::{Raw, RawOutcome, RawWhat, Recording};
use crate::findings::{self, Thresholds, Unreachable};
use crate::model::{Ending, Event, Kind, LaneId, Outcome, Resource, Timeline, What};
use causes::Causes;
use ends::{Ends, Part};
use holders::Holders;
use std::time::Duration;

pub(crate) fn timeline(recording: &Recording, ending: Ending, thresholds: &Thresholds) -> Timeline {
    let mut reader = Reader::new(recording);
    for (index, raw) in recording.events.iter().enumerate() {
        reader.read(index, raw);
    }
    let Reader { events, lanes, unreachable, .. } = reader;
    let at = recording.events.last().map_or(0, |last| last.at);
    let mut timeline = Timeline {
        lanes: lanes.finish(),
        events,
        findings: Vec::new(),
        events_dropped: recording.events_dropped,
        end: Duration::from_nanos(at),
        ending,
    };
    timeline.findings = findings::of(&timeline, thresholds, &unreachable);
    timeline
}

struct Reader<'a> {
    recording: &'a Recording,
    ends: Ends,
    lanes: lanes::Lanes<'a>,
    causes: Causes,
    holders: Holders,
    /// For each thread, the lanes that it polls, the innermost last.
    stacks: Vec<Vec<u32>>,
    progress: Vec<Progress>,
    events: Vec<Event>,
    unreachable: Vec<Unreachable>,
}

/// How far a lane is.
#[derive(Debug, Clone, Copy, Default)]
struct Progress {
    has_been_polled: bool,
    /// Since its last poll began.
    is_woken: bool,
    is_dropped: bool,
    is_polled: bool,
    is_done: bool,
    /// How many wakers of it there are.
    wakers: i64,
}

impl<'a> Reader<'a> {
    fn new(recording: &'a Recording) -> Reader<'a> {
        Reader {
            recording,
            ends: Ends::of(recording),
            lanes: lanes::Lanes::new(recording),
            causes: Causes::new(recording),
            holders: Holders::default(),
            stacks: vec![Vec::new(); recording.threads.len()],
            progress: vec![Progress::default(); recording.lanes.len()],
            // Some say two things: a thread that slept went to sleep, and woke up.
            events: Vec::with_capacity(recording.events.len() * 4 / 3),
            unreachable: Vec::new(),
        }
    }

    fn read(&mut self, index: usize, raw: &Raw) {
        let worker = self.lanes.worker(raw.thread);
        if self.lanes.is_new(raw.thread) {
            self.events.push(event(raw.at, worker, worker, What::Created));
        }
        match raw.what {
            RawWhat::Created(lane) => {
                self.lanes.set_parent(lane, self.current(raw.thread));
                self.causes.created(lane, raw.at);
                self.push(raw, lane, What::Created);
            }
            RawWhat::Entered(lane) => self.entered(index, raw, lane),
            RawWhat::Exited { lane, outcome, busy } => {
                self.exited(index, raw, lane, outcome, busy);
            }
            RawWhat::Dropping(lane) | RawWhat::Closed(lane) => self.dropped(raw, lane),
            RawWhat::Waker { lane, op } => self.waker(raw, lane, op),
            RawWhat::Polled { resource, ready } => self.polled(raw, resource, ready),
            RawWhat::Armed { resource, millis } => {
                let millis = self.causes.arm(resource, raw.at, millis);
                self.lanes.name_timer(resource, millis);
            }
            RawWhat::Locked { resource, .. }
            | RawWhat::Granted { resource, .. }
            | RawWhat::Released(resource) => self.changed_hands(raw, resource),
            RawWhat::Sent(resource) => {
                if let Some(lane) = self.causes.waiter(resource) {
                    self.passed_on(raw, lane);
                }
            }
            RawWhat::Unparked => self.push_to(raw.at, worker, worker, What::Unparked),
        }
        self.causes.read(raw);
        if self.ends.sleeps_after(index) {
            self.push_to(raw.at, worker, worker, What::Parked);
        }
    }

    fn changed_hands(&mut self, raw: &Raw, resource: u32) {
        // Free places of a channel are nobody's.
        if self.recording.lanes[resource as usize].kind != Kind::Resource(Resource::Mpsc) {
            let current = self.current(raw.thread);
            for (resource, what) in self.holders.change(raw.what, current) {
                self.push(raw, resource, what);
            }
        }
        if let RawWhat::Granted { to: Some(lane), .. } = raw.what {
            self.passed_on(raw, lane);
        }
    }

    fn current(&self, thread: u32) -> Option<u32> {
        self.stacks[thread as usize].last().copied()
    }

    fn entered(&mut self, index: usize, raw: &Raw, lane: u32) {
        if let Some(Part::Drop { finished }) = self.ends.part(index) {
            self.progress[lane as usize].is_dropped = true;
            self.push(raw, lane, What::Dropped { finished });
        } else {
            let parent = self.current(raw.thread);
            let facts = &self.recording.lanes[lane as usize];
            let Progress { has_been_polled, is_woken, .. } = self.progress[lane as usize];
            // The waker of `draw`'s root reports; other lanes are polled by what they are part of.
            let is_silent = match facts.kind {
                Kind::Root => !facts.reports_wakes,
                kind => kind == Kind::Task,
            };
            if is_silent && has_been_polled && !is_woken {
                let finds = |resource| finds_ready(&self.recording.events[index..], lane, resource);
                let (by, inferred) = self.causes.inferred(raw, lane, facts.reports_wakes, finds);
                self.wake(raw, lane, by, inferred);
            }
            if facts.kind == Kind::Future && !has_been_polled {
                self.lanes.set_parent(lane, parent);
            }
            self.causes.poll_starts(lane);
            let progress = &mut self.progress[lane as usize];
            progress.has_been_polled = true;
            progress.is_polled = true;
            progress.is_woken = false;
            self.push(raw, lane, What::PollStart);
        }
        self.stacks[raw.thread as usize].push(lane);
    }

    fn exited(&mut self, index: usize, raw: &Raw, lane: u32, outcome: RawOutcome, busy: u64) {
        let stack = &mut self.stacks[raw.thread as usize];
        if let Some(position) = stack.iter().rposition(|it| *it == lane) {
            stack.remove(position);
        }
        let outcome = match (self.ends.part(index), outcome) {
            (Some(Part::Drop { .. }), _) => return self.causes.ended(raw, lane),
            (_, RawOutcome::Panicked) => Outcome::Panicked,
            (_, RawOutcome::Ready) | (Some(Part::Last), RawOutcome::Unknown) => Outcome::Ready,
            (_, RawOutcome::Pending) | (None, RawOutcome::Unknown) => Outcome::Pending,
        };
        let busy = Duration::from_nanos(busy);
        self.causes.poll_ended(raw, lane, outcome);
        self.push(raw, lane, What::PollEnd { outcome, busy });
        let progress = &mut self.progress[lane as usize];
        progress.is_polled = false;
        progress.is_done = outcome != Outcome::Pending;
        self.note_unreachable(lane, false);
    }

    fn dropped(&mut self, raw: &Raw, lane: u32) {
        let progress = &mut self.progress[lane as usize];
        if std::mem::replace(&mut progress.is_dropped, true) {
            return;
        }
        let finished = match self.recording.lanes[lane as usize].kind {
            Kind::Resource(Resource::Sleep) => !self.causes.is_running(lane, raw.at),
            Kind::Resource(_) => true,
            _ => self.causes.is_ready(lane),
        };
        self.causes.set_awaited(lane, false);
        self.push(raw, lane, What::Dropped { finished });
    }

    fn polled(&mut self, raw: &Raw, resource: u32, ready: bool) {
        let Some(lane) = self.current(raw.thread) else { return };
        if self.progress[lane as usize].is_dropped {
            return;
        }
        self.causes.set_awaited(resource, !ready);
        if !ready {
            self.causes.waits(&self.stacks[raw.thread as usize], resource);
        }
        self.push(raw, lane, What::ResourcePoll { on: LaneId(resource), ready });
        let kind = self.recording.lanes[resource as usize].kind;
        if let (true, Kind::Resource(kind)) = (ready, kind)
            && let Some((resource, what)) = self.holders.got(resource, kind, lane)
        {
            self.push(raw, resource, what);
        }
    }

    fn push(&mut self, raw: &Raw, lane: u32, what: What) {
        let worker = self.lanes.worker(raw.thread);
        self.push_to(raw.at, LaneId(lane), worker, what);
    }

    fn push_to(&mut self, at: u64, lane: LaneId, worker: LaneId, what: What) {
        self.events.push(event(at, lane, worker, what));
    }
}

/// Tells whether the poll of `lane` with which `events` begins is told that `resource` is ready.
fn finds_ready(events: &[Raw], lane: u32, resource: u32) -> bool {
    let thread = events[0].thread;
    let own = events.iter().filter(|raw| raw.thread == thread).map(|raw| raw.what);
    let poll =
        own.take_while(|what| !matches!(what, RawWhat::Exited { lane: its, .. } if *its == lane));
    poll.into_iter().any(|what| what == RawWhat::Polled { resource, ready: true })
}

fn event(at: u64, lane: LaneId, worker: LaneId, what: What) -> Event {
    Event { at: Duration::from_nanos(at), lane, worker, what }
}
