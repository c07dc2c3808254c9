//! Events that belong together are one moment: all of a poll that polls nothing else, for example.

use crate::model::{Event, Kind, LaneId, Outcome, Timeline, What};
use crate::shifts::threads;
use std::collections::HashSet;
use std::time::Duration;

/// A shorter time without an event is the speed of the machine, and not a wait: Tokio's timers take
/// a millisecond or more.
pub(super) const PAUSE: Duration = Duration::from_micros(500);

#[derive(Debug, PartialEq)]
pub(crate) struct Moment {
    /// Never empty, and in order. What nobody wants to know is left out.
    pub steps: Vec<usize>,
    /// How long nothing had happened before it, if that was a wait.
    pub after: Option<Duration>,
}

impl Moment {
    pub fn first(&self) -> usize {
        self.steps[0]
    }

    pub fn events<'a>(&self, timeline: &'a Timeline) -> impl Iterator<Item = &'a Event> {
        self.steps.iter().map(|&step| &timeline.events[step])
    }

    /// The lane that it is about: the one that is polled, or else that of its first event.
    pub fn lane(&self, timeline: &Timeline) -> LaneId {
        let polled = |event: &&Event| matches!(event.what, What::PollStart | What::PollEnd { .. });
        let about = self.events(timeline).find(polled);
        about.unwrap_or(&timeline.events[self.first()]).lane
    }

    fn last<'a>(&self, timeline: &'a Timeline) -> &'a Event {
        &timeline.events[self.steps[self.steps.len() - 1]]
    }
}

/// All moments of a run, in order.
pub(super) fn moments(timeline: &Timeline) -> Vec<Moment> {
    let threads = threads(timeline);
    let found: HashSet<usize> = timeline.findings.iter().map(|finding| finding.step).collect();
    let mut moments: Vec<Moment> = Vec::new();
    for (step, event) in timeline.events.iter().enumerate() {
        if !is_told(timeline, event, &threads) && !found.contains(&step) {
            continue;
        }
        match moments.last_mut() {
            Some(moment) if belongs(timeline, moment, event) => moment.steps.push(step),
            last => {
                let before = last.map(|moment| moment.last(timeline).at);
                let after = before.map(|before| event.at - before);
                moments.push(Moment { steps: vec![step], after: after.filter(|it| *it >= PAUSE) });
            }
        }
    }
    moments
}

/// Wakers are cloned and dropped all the time, and a thread that is alone parks whenever nothing is
/// polled.
fn is_told(timeline: &Timeline, event: &Event, threads: &[LaneId]) -> bool {
    match event.what {
        What::WakerCloned | What::WakerDropped => false,
        What::Created => timeline.lane(event.lane).kind != Kind::Worker,
        What::Parked | What::Unparked => threads.contains(&event.lane),
        _ => true,
    }
}

/// If `event` is more of what the moment tells.
fn belongs(timeline: &Timeline, moment: &Moment, event: &Event) -> bool {
    let last = moment.last(timeline);
    if event.worker != last.worker || event.at - last.at >= PAUSE {
        return false;
    }
    let kind = timeline.lane(event.lane).kind;
    let is_over = moment.events(timeline).any(|it| matches!(it.what, What::PollEnd { .. }));
    let in_a_poll = moment.events(timeline).any(|it| it.what == What::PollStart)
        || is_of_a_resource(timeline, last) && !matches!(last.what, What::Wake { .. });
    match event.what {
        What::PollEnd { .. } => in_a_poll && !is_over && !is_another_poll(timeline, moment, event),
        What::PollStart => {
            moment.steps.len() == 1
                && last.what == What::Created
                && last.lane == event.lane
                && kind == Kind::Future
        }
        What::Dropped { finished } if !matches!(kind, Kind::Resource(_)) => {
            let was_ready = matches!(
                last.what,
                What::PollEnd { outcome: Outcome::Ready | Outcome::Panicked, .. }
            );
            let with_its_resource = timeline.lane(last.lane).parent == Some(event.lane);
            last.lane == event.lane && was_ready && finished
                || with_its_resource
                    && matches!(last.what, What::Dropped { .. })
                    && is_over == was_ready
        }
        What::Dropped { .. } if matches!(last.what, What::Dropped { .. }) && !is_over => {
            let parent = timeline.lane(event.lane).parent;
            parent == Some(last.lane) || parent == timeline.lane(last.lane).parent || in_a_poll
        }
        // The branches of one `join!`.
        What::Created if kind == Kind::Future => {
            let made = moment.events(timeline).all(|it| it.what == What::Created);
            made && timeline.lane(last.lane).kind == kind
        }
        What::Wake { .. } | What::Parked | What::Unparked => false,
        _ => in_a_poll && !is_over && is_of_a_resource(timeline, event),
    }
}

/// Resources are made, asked and dropped by the future that is being polled.
fn is_of_a_resource(timeline: &Timeline, event: &Event) -> bool {
    matches!(event.what, What::ResourcePoll { .. })
        || matches!(timeline.lane(event.lane).kind, Kind::Resource(_))
}

/// The poll that ends is not the one that began in this moment.
fn is_another_poll(timeline: &Timeline, moment: &Moment, end: &Event) -> bool {
    moment.events(timeline).any(|it| it.what == What::PollStart && it.lane != end.lane)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of the lanes that the moments are about, with the number of their events.
    fn about(timeline: &Timeline) -> Vec<(String, usize)> {
        let about = |it: &Moment| (timeline.lane(it.lane(timeline)).name.clone(), it.steps.len());
        moments(timeline).iter().map(about).collect()
    }

    #[test]
    fn a_poll_that_polls_nothing_else_is_one_moment_and_a_wait_stands_before_the_next() {
        let timeline = Timeline::example();
        let about = about(&timeline);
        let about: Vec<_> = about.iter().map(|(name, steps)| (name.as_str(), *steps)).collect();
        assert_eq!(
            about,
            [
                ("main", 1),
                ("main", 1),
                ("task 1", 1),
                ("fetch", 5),
                ("main", 1),
                ("task 1", 3),
                ("fetch", 1),
                ("main", 1),
                ("main", 1),
                ("fetch", 5),
                ("main", 2),
            ]
        );
        let waits: Vec<_> = moments(&timeline).iter().map(|moment| moment.after).collect();
        assert_eq!(waits.iter().position(Option::is_some), Some(6));
        assert_eq!(waits[6], Some(Duration::from_millis(10)));
    }

    #[test]
    fn every_event_is_told_at_most_once_and_in_order() {
        let timeline = Timeline::example();
        let steps: Vec<_> = moments(&timeline).into_iter().flat_map(|it| it.steps).collect();
        assert!(steps.is_sorted_by(|a, b| a < b), "{steps:?}");
    }

    /// A finding must be seen, even the drop of a waker.
    #[test]
    fn a_finding_makes_its_event_a_moment() {
        let mut timeline = Timeline::example();
        let cloned = |event: &Event| event.what == What::WakerCloned;
        let step = timeline.events.iter().position(cloned).unwrap();
        assert!(!moments(&timeline).iter().any(|it| it.steps.contains(&step)));
        let (kind, lane) = (crate::model::FindingKind::LostWaker, timeline.events[step].lane);
        timeline.findings.push(crate::model::Finding { kind, lane, step, text: String::new() });
        assert!(moments(&timeline).iter().any(|it| it.steps.contains(&step)));
    }

    /// Other threads go on meanwhile.
    #[test]
    fn what_another_thread_does_is_another_moment() {
        let mut timeline = Timeline::example();
        let other = LaneId(5);
        let mut worker = timeline.lanes[0].clone();
        worker.id = other;
        timeline.lanes.push(worker);
        let (sleep, task) = (LaneId(3), LaneId(4));
        // The sleep is made by another thread, in the midst of the poll of `fetch`.
        let is_its =
            |it: &&mut Event| it.lane == task || it.lane == sleep && it.what == What::Created;
        timeline.events.iter_mut().filter(is_its).for_each(|it| it.worker = other);
        let alone = |moment: &Moment| {
            let mut threads = moment.events(&timeline).map(|event| event.worker);
            let first = threads.next();
            threads.all(|it| Some(it) == first)
        };
        let moments = moments(&timeline);
        assert!(moments.iter().all(alone), "{moments:?}");
        let sleeps = |it: &Moment| timeline.events[it.first()].what == What::Parked;
        assert!(moments.iter().any(sleeps), "with two threads one sees when they sleep");
    }
}
