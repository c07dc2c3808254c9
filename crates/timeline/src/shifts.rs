//! Shifts: from one step to another a thread polls a task, or sleeps.

use crate::model::{Kind, Lane, LaneId, Timeline, What};

/// The threads that poll something, if there is more than one: the lane of one alone tells nothing.
pub(crate) fn threads(timeline: &Timeline) -> Vec<LaneId> {
    let polls = |lane: &&Lane| {
        let mut events = timeline.events.iter();
        events.any(|event| event.worker == lane.id && event.what == What::PollStart)
    };
    let threads: Vec<_> = timeline.workers().filter(polls).map(|lane| lane.id).collect();
    if threads.len() > 1 { threads } else { Vec::new() }
}

#[derive(Debug, PartialEq)]
pub(crate) struct Shift {
    /// The task, closure or root. None if the thread sleeps.
    pub polls: Option<LaneId>,
    pub from: usize,
    /// The number of events if nothing ended it.
    pub until: usize,
}

/// The shifts of a thread. A poll within a poll, as of `block_on` in a task, ends first.
pub(crate) fn shifts(timeline: &Timeline, thread: LaneId) -> Vec<Shift> {
    let (mut polled, mut parked, mut shifts) = (Vec::new(), None, Vec::new());
    for (step, event) in timeline.events.iter().enumerate().filter(|(_, it)| it.worker == thread) {
        let kind = timeline.lane(event.lane).kind;
        let is_task = matches!(kind, Kind::Root | Kind::Task | Kind::Closure);
        let over = match event.what {
            What::PollStart if is_task => {
                polled.push((Some(event.lane), step));
                None
            }
            What::Parked => {
                parked = Some((None, step));
                None
            }
            What::PollEnd { .. } if is_task => polled.pop(),
            What::Unparked => parked.take(),
            _ => None,
        };
        shifts.extend(over.map(|(polls, from)| Shift { polls, from, until: step }));
    }
    let open = polled.into_iter().chain(parked);
    shifts.extend(open.map(|(polls, from)| Shift { polls, from, until: timeline.events.len() }));
    shifts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_polls_alone_is_none_to_show_and_neither_is_one_that_polls_nothing() {
        let mut timeline = Timeline::example();
        assert_eq!(threads(&timeline), []);
        let other = LaneId(5);
        timeline.lanes.push(Lane { id: other, ..timeline.lanes[0].clone() });
        assert_eq!(threads(&timeline), []);
        timeline.events.last_mut().unwrap().worker = other;
        assert_eq!(threads(&timeline), []);
        timeline.events.iter_mut().rfind(|it| it.what == What::PollStart).unwrap().worker = other;
        assert_eq!(threads(&timeline), [LaneId(0), other]);
    }

    #[test]
    fn a_thread_polls_one_task_after_another_and_sleeps_between() {
        let timeline = Timeline::example();
        let thread = timeline.workers().next().unwrap().id;
        let name = |lane: LaneId| timeline.lane(lane).name.as_str();
        let shifts = shifts(&timeline, thread);
        let polls: Vec<_> = shifts.iter().map(|it| it.polls.map_or("asleep", name)).collect();
        assert_eq!(polls, ["main", "task 1", "asleep", "main"]);
        assert!(shifts.windows(2).all(|two| two[0].until <= two[1].from), "{shifts:?}");
    }
}
