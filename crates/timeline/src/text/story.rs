//! From events to rows. A poll in which at most one thing happens is one row; any other is a
//! bracket: a row where it begins, one for each thing in it, a row where it ends.

mod lives;
mod locks;
mod polls;
mod wakes;

use super::rows::{Action, Line, Link, Mark, Row, Style, Word, plain};
use crate::model::{ByLane, Event, Kind, Lane, LaneId, Location, Timeline, What};
use std::collections::{HashMap, HashSet};
use std::time::Duration;

pub(super) fn rows(timeline: &Timeline) -> Vec<Row> {
    let mut story = Story {
        timeline,
        events: ByLane::new(timeline),
        rows: Vec::new(),
        open: Vec::new(),
        lines: HashMap::new(),
        holders: HashMap::new(),
        seen: HashSet::new(),
        last_wake: None,
        last_end: None,
        step: 0,
    };
    while story.step < timeline.events.len() {
        story.tell();
        story.step += 1;
    }
    story.flush(None);
    story.rows
}

struct Story<'a> {
    timeline: &'a Timeline,
    events: ByLane<'a>,
    rows: Vec<Row>,
    /// The polls that have begun, in that order.
    open: Vec<Open>,
    lines: HashMap<LaneId, Line>,
    holders: HashMap<LaneId, Vec<LaneId>>,
    /// The source lines that have been shown, each with what was made there.
    seen: HashSet<(Kind, &'a str, &'a Location)>,
    /// The lane that was woken last, and where that stands.
    last_wake: Option<(LaneId, Spot)>,
    /// The lane that ended in the last row.
    last_end: Option<LaneId>,
    step: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spot {
    LastRow,
    /// In the poll of this lane, which may become one row.
    Deferred(LaneId),
}

#[derive(Debug)]
struct Open {
    lane: LaneId,
    worker: LaneId,
    /// The lane that polls it.
    parent: Option<LaneId>,
    started: (Duration, usize),
    is_shown: bool,
    /// The only thing that it has done so far, and at which step.
    deferred: Option<(Action, usize)>,
    waits: Vec<LaneId>,
    is_woken: bool,
    /// Its waker was cloned, and no lane was polled inside it.
    keeps_waker: bool,
    is_parent: bool,
}

impl Story<'_> {
    fn tell(&mut self) {
        let event = &self.timeline.events[self.step];
        let current = self.current(event.worker);
        match event.what {
            What::Created => self.created(event, current),
            What::PollStart => self.poll_starts(event, current),
            What::PollEnd { outcome, .. } => self.poll_ends(event, outcome),
            What::Wake { by, inferred } => self.wake(event, by, inferred),
            What::ResourcePoll { on, ready } => self.asks(event.lane, on, ready),
            What::Acquired { holder } => self.acquired(event, holder, current),
            What::Released { holder } => self.released(event, holder, current),
            What::Dropped { finished } => self.dropped(event, finished, current),
            What::WakerCloned => {
                if let Some(open) = self.opened(event.lane) {
                    open.keeps_waker = true;
                }
            }
            What::WakerDropped | What::Parked | What::Unparked => {}
        }
    }

    fn current(&self, worker: LaneId) -> Option<LaneId> {
        self.open.iter().rev().find(|open| open.worker == worker).map(|open| open.lane)
    }

    fn opened(&mut self, lane: LaneId) -> Option<&mut Open> {
        self.open.iter_mut().find(|open| open.lane == lane)
    }

    fn kind(&self, lane: LaneId) -> Kind {
        self.timeline.lane(lane).kind
    }

    /// Adds the source line of a lane, unless it was shown: with this lane, or with one that looks the same.
    fn place(&mut self, action: Action, lane: LaneId) -> Action {
        let Lane { kind, name, location, .. } = self.timeline.lane(lane);
        // Two tasks of one line are `task 1` and `task 2`.
        let name = if *kind == Kind::Task { "" } else { name };
        let Some(location) = location else { return action };
        match self.seen.insert((*kind, name, location)) {
            true => action.place(lane),
            false => action,
        }
    }

    fn push(&mut self, row: Row) {
        self.lines.extend(row.action.after.iter().copied());
        self.rows.push(row);
        self.last_wake = None;
        self.last_end = None;
    }

    /// Shows the polls that have begun, except that of one lane.
    fn flush(&mut self, except: Option<LaneId>) {
        for index in 0..self.open.len() {
            let open = &mut self.open[index];
            if open.is_shown || Some(open.lane) == except {
                continue;
            }
            open.is_shown = true;
            let (lane, parent, (at, step)) = (open.lane, open.parent, open.started);
            let deferred = open.deferred.take();
            let mut action = Action::new([Word::Lane(lane), plain(" is polled")]);
            action = self.place(action.mark(lane, Mark::Polled, Line::Polled), lane);
            action.links.extend(self.poll_link(lane, parent));
            self.push(action.at(at, step));
            if let Some((mut deferred, step)) = deferred {
                deferred.words.splice(0..0, [Word::Lane(lane), plain(" ")]);
                self.push(deferred.at(at, step));
            }
        }
    }

    fn poll_link(&self, lane: LaneId, parent: Option<LaneId>) -> Option<Link> {
        (self.kind(lane) == Kind::Future)
            .then(|| parent.map(|from| Link { from, to: lane, style: Style::Heavy }))?
    }

    /// Shows what `lane` does. Within a poll, the first action waits for the end of that poll.
    fn act(&mut self, event: &Event, lane: LaneId, mut action: Action) {
        self.lines.extend(action.after.iter().copied());
        let step = self.step;
        match self.opened(lane) {
            Some(open) if !open.is_shown && open.deferred.is_none() => {
                open.deferred = Some((action, step));
                return;
            }
            _ => {}
        }
        self.flush(None);
        action.words.splice(0..0, [Word::Lane(lane), plain(" ")]);
        self.push(action.at(event.at, self.step));
    }
}
