//! An index of the events by lane.

use super::derived::{segments, waits_for};
use super::{Event, LaneId, Segment, Timeline, What};

/// Finds at once what [`Timeline`] finds by reading all events: a run may have a hundred thousand lanes.
pub(crate) struct ByLane<'a> {
    timeline: &'a Timeline,
    steps: Vec<Vec<usize>>,
}

impl<'a> ByLane<'a> {
    pub fn new(timeline: &'a Timeline) -> Self {
        let mut steps = vec![Vec::new(); timeline.lanes.len()];
        for (step, event) in timeline.events.iter().enumerate() {
            steps[event.lane.0 as usize].push(step);
        }
        Self { timeline, steps }
    }

    pub fn of(&self, lane: LaneId) -> impl DoubleEndedIterator<Item = (usize, &'a Event)> {
        let events = &self.timeline.events;
        self.steps[lane.0 as usize].iter().map(|step| (*step, &events[*step]))
    }

    /// As [`Timeline::segments`].
    #[cfg_attr(not(feature = "files"), expect(dead_code, reason = "text has no bars"))]
    pub fn segments(&self, lane: LaneId) -> Vec<Segment> {
        segments(self.timeline.lane(lane).kind, self.of(lane), self.timeline.events.len())
    }

    /// As [`Timeline::waits_for`].
    pub fn waits_for(&self, lane: LaneId, step: usize) -> Option<LaneId> {
        let before = self.of(lane).rev().skip_while(|(own, _)| *own >= step);
        let (asked, on) = waits_for(before)?;
        let since = self.of(on).rev().skip_while(|(own, _)| *own >= step);
        let mut since = since.take_while(|(own, _)| *own > asked);
        let is_gone = since.any(|(_, event)| matches!(event.what, What::Dropped { .. }));
        (!is_gone).then_some(on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_finds_what_the_timeline_finds() {
        let timeline = Timeline::example();
        let index = ByLane::new(&timeline);
        for lane in &timeline.lanes {
            assert!(index.of(lane.id).eq(timeline.of(lane.id)));
            assert_eq!(index.segments(lane.id), timeline.segments(lane.id));
            for step in 0..=timeline.events.len() {
                assert_eq!(index.waits_for(lane.id, step), timeline.waits_for(lane.id, step));
            }
        }
    }
}
