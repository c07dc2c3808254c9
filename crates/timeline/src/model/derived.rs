//! Derives the bars and arrows of a picture.

use super::{By, Event, Kind, Lane, LaneId, Outcome, Timeline, What};

/// A bar: `lane` was in one state from one step to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    pub state: State,
    /// The step that began it.
    pub from: usize,
    /// The step that ended it, or the number of events if nothing did.
    pub until: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Made or spawned, and not polled yet. A resource is in this state all its life.
    New,
    /// In its `poll`. This lasts until the `PollEnd` that belongs to it, whatever the lane is told meanwhile.
    Polled,
    /// It returned `Pending`, and nothing has woken it.
    Waiting,
    /// A wake came after it was last polled, or during it: it is to be polled again.
    Woken,
    /// It was ready, or panicked, and is not dropped yet.
    Done,
}

/// An arrow: a wake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrow {
    pub step: usize,
    pub by: By,
    pub to: LaneId,
    pub inferred: bool,
}

impl Timeline {
    /// Panics if the lane is not of this timeline.
    pub fn lane(&self, id: LaneId) -> &Lane {
        &self.lanes[id.0 as usize]
    }

    /// Tells whether it was recorded on a paused clock: all times are whole milliseconds.
    pub fn is_paused(&self) -> bool {
        self.events.iter().all(|event| event.at.subsec_nanos().is_multiple_of(1_000_000))
    }

    /// Returns the lane of the root future. A run has none if the program never called `block_on`.
    pub fn root(&self) -> Option<LaneId> {
        self.lanes.iter().find(|lane| lane.kind == Kind::Root).map(|lane| lane.id)
    }

    /// Tells whether `lane` is a named future that is polled by `outer`, or by a part of it.
    pub fn is_inside(&self, lane: LaneId, outer: LaneId) -> bool {
        let mut lane = self.lane(lane);
        while let (Kind::Future, Some(parent)) = (lane.kind, lane.parent) {
            if parent == outer {
                return true;
            }
            lane = self.lane(parent);
        }
        false
    }

    /// Returns the threads that polled something. With one, there is nothing to see in their lanes.
    pub fn workers(&self) -> impl Iterator<Item = &Lane> {
        self.lanes.iter().filter(|lane| lane.kind == Kind::Worker)
    }

    /// Returns the events of a lane, each with its step.
    pub fn of(&self, lane: LaneId) -> impl Iterator<Item = (usize, &Event)> {
        self.events.iter().enumerate().filter(move |(_, event)| event.lane == lane)
    }

    /// Returns all wakes, in order.
    pub fn wakes(&self) -> impl Iterator<Item = Arrow> {
        self.events.iter().enumerate().filter_map(|(step, event)| match event.what {
            What::Wake { by, inferred } => Some(Arrow { step, by, to: event.lane, inferred }),
            _ => None,
        })
    }

    /// Returns the bars of a lane, without gaps, from its first event to its last. A lane that was
    /// never dropped ends with the recording. A worker has none.
    pub fn segments(&self, lane: LaneId) -> Vec<Segment> {
        segments(self.lane(lane).kind, self.of(lane), self.events.len())
    }

    /// Returns the resource for which a lane waits at `step`, if Tokio reported one: the last one that was not ready.
    pub fn waits_for(&self, lane: LaneId, step: usize) -> Option<LaneId> {
        let before = self.events.get(..step)?.iter().enumerate().rev();
        let (asked, on) = waits_for(before.filter(|(_, event)| event.lane == lane))?;
        let mut since = self.events[asked..step].iter().filter(|event| event.lane == on);
        let is_gone = since.any(|event| matches!(event.what, What::Dropped { .. }));
        (!is_gone).then_some(on)
    }
}

/// `before` are the events of a lane, the last one first. Returns the step in which it asked in vain, and for what.
pub(super) fn waits_for<'a>(
    before: impl Iterator<Item = (usize, &'a Event)>,
) -> Option<(usize, LaneId)> {
    let mut poll = before.skip_while(|(_, event)| !matches!(event.what, What::PollEnd { .. }));
    let (_, ended) = poll.next()?;
    if !matches!(ended.what, What::PollEnd { outcome: Outcome::Pending, .. }) {
        return None;
    }
    let mut poll = poll.take_while(|(_, event)| event.what != What::PollStart);
    poll.find_map(|(step, event)| match event.what {
        What::ResourcePoll { on, ready: false } => Some((step, on)),
        _ => None,
    })
}

/// Of a lane of this kind with these events, in a recording with so many.
pub(super) fn segments<'a>(
    kind: Kind,
    events: impl Iterator<Item = (usize, &'a Event)>,
    end: usize,
) -> Vec<Segment> {
    if kind == Kind::Worker {
        return Vec::new();
    }
    let mut segments: Vec<Segment> = Vec::new();
    let mut is_woken = false;
    for (step, event) in events {
        let now = segments.last().map(|segment| segment.state);
        let next = match event.what {
            What::PollStart => {
                is_woken = false;
                State::Polled
            }
            What::PollEnd { outcome: Outcome::Pending, .. } if is_woken => State::Woken,
            What::PollEnd { outcome: Outcome::Pending, .. } => State::Waiting,
            What::PollEnd { .. } => State::Done,
            What::Wake { .. } => {
                is_woken = true;
                if now == Some(State::Waiting) { State::Woken } else { continue }
            }
            What::Dropped { .. } => {
                close(&mut segments, step);
                return segments;
            }
            _ if segments.is_empty() => State::New,
            _ => continue,
        };
        close(&mut segments, step);
        segments.push(Segment { state: next, from: step, until: step });
    }
    close(&mut segments, end);
    segments
}

fn close(segments: &mut [Segment], step: usize) {
    if let Some(last) = segments.last_mut() {
        last.until = step;
    }
}

#[cfg(test)]
mod tests {
    use super::super::Resource;
    use super::*;

    fn lane(timeline: &Timeline, name: &str) -> LaneId {
        timeline.lanes.iter().find(|lane| lane.name == name).unwrap().id
    }

    #[test]
    fn the_bars_of_a_lane_have_no_gaps_and_follow_its_polls() {
        let timeline = Timeline::example();
        let segments = timeline.segments(lane(&timeline, "fetch"));
        let states: Vec<_> = segments.iter().map(|segment| segment.state).collect();
        use State::*;
        assert_eq!(states, [New, Polled, Waiting, Woken, Polled, Done]);
        assert!(segments.windows(2).all(|two| two[0].until == two[1].from), "{segments:?}");
    }

    #[test]
    fn a_resource_is_one_bar_and_a_worker_none() {
        let timeline = Timeline::example();
        for lane in &timeline.lanes {
            let bars = timeline.segments(lane.id).len();
            match lane.kind {
                Kind::Resource(_) => assert_eq!(bars, 1, "{lane:?}"),
                Kind::Worker => assert_eq!(bars, 0, "{lane:?}"),
                _ => assert!(bars > 1, "{lane:?}"),
            }
        }
    }

    #[test]
    fn a_lane_waits_for_what_was_not_ready_in_its_last_poll() {
        let timeline = Timeline::example();
        let fetch = lane(&timeline, "fetch");
        let first_wake = timeline.wakes().find(|arrow| arrow.to == fetch).unwrap();
        let on = timeline.waits_for(fetch, first_wake.step).unwrap();
        assert_eq!(timeline.lane(on).kind, Kind::Resource(Resource::Sleep));
        assert_eq!(timeline.waits_for(fetch, timeline.events.len()), None);
        assert_eq!(timeline.waits_for(fetch, 0), None);
    }
}
