//! From where a wake came. Tokio says only whom it woke.

use super::lanes::Lanes;
use crate::collect::raw::{From, Raw, RawWhat, Recording};
use crate::model::{Kind, Outcome};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    Lane(u32),
    Runtime,
    Thread,
}

/// A task that has ended wakes the one that waits for it, at once.
const AT_ONCE: u64 = 100_000;

const MILLISECOND: u64 = 1_000_000;

pub(super) struct Causes {
    lanes: Vec<Known>,
    threads: Vec<Recent>,
    /// The lane that ended last, on any thread, and the one that was polled last.
    ended: Option<(usize, u32)>,
    polled: Option<(usize, u32)>,
    /// The lanes that are polled now, on all threads.
    polls: Vec<u32>,
    count: usize,
    /// The number of the last event that is more than the end of a sleep.
    acted: usize,
    kinds: Vec<Kind>,
}

#[derive(Debug, Clone, Default)]
struct Known {
    /// The resources that it, or a part of it, has asked for in vain. Each has a waker of it, whether or not its
    /// last poll asked again: `FuturesUnordered` does not.
    waits: Vec<u32>,
    is_ready: bool,
    /// Of a timer that was set and has not woken anything yet.
    due: Option<u64>,
    /// Of a resource: it was not ready when it was asked last, and is still there.
    is_awaited: bool,
    /// The lane that asked in vain: the innermost.
    waiter: Option<u32>,
    created: u64,
    /// The numbers of the events that began its last poll, and that ended it.
    started: usize,
    paused: usize,
    paused_at: u64,
}

/// The last thing that a thread did.
#[derive(Debug, Clone, Copy, Default)]
struct Recent {
    /// A lane ended, and nothing else was polled since.
    ended: Option<(u64, u32)>,
    /// Its event before was a wake of this named future.
    woke: Option<u32>,
}

impl Causes {
    pub(super) fn new(recording: &Recording) -> Causes {
        Causes {
            lanes: vec![Known::default(); recording.lanes.len()],
            threads: vec![Recent::default(); recording.threads.len()],
            ended: None,
            polled: None,
            polls: Vec::new(),
            count: 0,
            acted: 0,
            kinds: recording.lanes.iter().map(|facts| facts.kind).collect(),
        }
    }

    pub(super) fn created(&mut self, lane: u32, at: u64) {
        self.lanes[lane as usize].created = at;
    }

    /// Returns for how many milliseconds the timer was set when it was made.
    pub(super) fn arm(&mut self, resource: u32, at: u64, millis: u64) -> u64 {
        let known = &mut self.lanes[resource as usize];
        let due = at + millis * MILLISECOND;
        known.due = Some(due);
        let since = due - known.created;
        let millis = since / MILLISECOND;
        // Tokio counts whole milliseconds, rounded up, and so often one more than it was asked for. A paused clock
        // has no others. Of the two that it may be the rounder one is more likely.
        let is_exact = since.is_multiple_of(MILLISECOND) || millis.is_multiple_of(5);
        if is_exact { millis } else { millis.saturating_sub(1) }
    }

    pub(super) fn poll_starts(&mut self, lane: u32) {
        self.lanes[lane as usize].started = self.count;
        if self.kinds[lane as usize] != Kind::Future {
            self.polls.push(lane);
        }
    }

    /// All lanes on the stack wait: a task waits for what its branches wait for.
    pub(super) fn waits(&mut self, stack: &[u32], resource: u32) {
        self.lanes[resource as usize].waiter = stack.last().copied();
        for lane in stack {
            let mut waits = std::mem::take(&mut self.lanes[*lane as usize].waits);
            waits.retain(|it| *it != resource && self.lanes[*it as usize].is_awaited);
            waits.push(resource);
            self.lanes[*lane as usize].waits = waits;
        }
    }

    pub(super) fn poll_ended(&mut self, raw: &Raw, lane: u32, outcome: Outcome) {
        let known = &mut self.lanes[lane as usize];
        known.is_ready = outcome != Outcome::Pending;
        (known.paused, known.paused_at) = (self.count, raw.at);
        if self.kinds[lane as usize] != Kind::Future {
            self.polls.retain(|polled| *polled != lane);
            self.polled = Some((self.count, lane));
            self.threads[raw.thread as usize].ended = None;
        }
    }

    /// Something asks for a resource in vain, or does so no longer.
    pub(super) fn set_awaited(&mut self, resource: u32, is_awaited: bool) {
        self.lanes[resource as usize].is_awaited = is_awaited;
    }

    pub(super) fn waiter(&self, resource: u32) -> Option<u32> {
        let known = &self.lanes[resource as usize];
        known.waiter.filter(|_| known.is_awaited)
    }

    /// Tells whether something waits for this timer, and it is not over at this time.
    pub(super) fn is_running(&self, timer: u32, at: u64) -> bool {
        let known = &self.lanes[timer as usize];
        known.is_awaited && known.due.is_some_and(|due| due > at + slack(at))
    }

    pub(super) fn is_ready(&self, lane: u32) -> bool {
        self.lanes[lane as usize].is_ready
    }

    pub(super) fn ended(&mut self, raw: &Raw, lane: u32) {
        self.threads[raw.thread as usize].ended = Some((raw.at, lane));
        self.ended = Some((self.count, lane));
    }

    /// Call this last for each event.
    pub(super) fn read(&mut self, raw: &Raw) {
        if raw.what != RawWhat::Unparked {
            self.acted = self.count;
        }
        self.count += 1;
        let recent = &mut self.threads[raw.thread as usize];
        recent.woke = match raw.what {
            RawWhat::Waker { lane, op }
                if op.is_wake() && self.kinds[lane as usize] == Kind::Future =>
            {
                Some(lane)
            }
            _ => None,
        };
        if let RawWhat::Entered(_) | RawWhat::Unparked = raw.what {
            recent.ended = None;
        }
    }

    /// `current` is the lane that is polled on that thread.
    pub(super) fn of(
        &mut self,
        raw: &Raw,
        woken: u32,
        current: Option<u32>,
        from: From,
        lanes: &Lanes<'_>,
    ) -> Cause {
        let recent = self.threads[raw.thread as usize];
        if let Some(part) = recent.woke.filter(|part| lanes.is_inside(*part, woken)) {
            return Cause::Lane(part);
        }
        if let Some(current) = current {
            return Cause::Lane(current);
        }
        if let Some(timer) = self.fire(raw.at, woken, |_| false) {
            return Cause::Lane(timer);
        }
        match recent.ended {
            Some((at, ended)) if raw.at - at < AT_ONCE => {
                self.threads[raw.thread as usize].ended = None;
                Cause::Lane(ended)
            }
            _ if from == From::Elsewhere => Cause::Thread,
            _ => Cause::Runtime,
        }
    }

    /// Concludes what has woken a lane whose waker does not report, from what happened since its last poll, and tells
    /// whether something else may have. `is_ready` says of a resource that the poll that begins finds it ready: then
    /// that has called the waker.
    pub(super) fn inferred(
        &mut self,
        raw: &Raw,
        woken: u32,
        reports_wakes: bool,
        is_ready: impl Fn(u32) -> bool,
    ) -> (Cause, bool) {
        // All wakes on Tokio's threads are reported.
        if reports_wakes {
            return (Cause::Thread, true);
        }
        if let Some(timer) = self.fire(raw.at, woken, &is_ready) {
            return (Cause::Lane(timer), !is_ready(timer));
        }
        let Known { started, paused, paused_at, .. } = self.lanes[woken as usize];
        // On a paused clock nothing else can have, at this time.
        if self.acted == paused && raw.at == paused_at {
            return (Cause::Lane(woken), true);
        }
        let later = |note: Option<(usize, u32)>, than| note.filter(|(count, _)| *count > than);
        // On another thread it may have ended while the lane was still polled.
        let last = later(self.ended, paused).or(later(self.polled, paused));
        let last = last.or(later(self.ended, started)).map(|(_, lane)| lane);
        let polled = || self.polls.iter().copied().find(|lane| *lane != woken);
        let lane = last.or_else(polled);
        (lane.filter(|lane| *lane != woken).map_or(Cause::Runtime, Cause::Lane), true)
    }

    /// Takes the timer that was due first among those for which the lane waits, or among those that are known to be over.
    fn fire(&mut self, at: u64, woken: u32, is_over: impl Fn(u32) -> bool) -> Option<u32> {
        let waits = self.lanes[woken as usize].waits.iter();
        let awaited = |timer: &u32| Some(&self.lanes[*timer as usize]).filter(|it| it.is_awaited);
        let due = |timer: &u32| awaited(timer)?.due.filter(|due| *due <= at + slack(at));
        let dues = waits.filter_map(|timer| Some((!is_over(*timer), due(timer)?, *timer)));
        let (.., timer) = dues.min()?;
        self.lanes[timer as usize].due = None;
        Some(timer)
    }
}

/// Tokio counts whole milliseconds, rounded up. A paused clock has no others.
fn slack(at: u64) -> u64 {
    if at.is_multiple_of(MILLISECOND) { 0 } else { MILLISECOND }
}
