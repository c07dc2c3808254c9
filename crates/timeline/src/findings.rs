//! Points out what deserves a look.

mod abandoned;
mod lives;
mod polls;
mod wakers;

use crate::model::{Finding, FindingKind, LaneId, Timeline};
use lives::Lives;
use std::time::Duration;

/// From where on something deserves a look.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Thresholds {
    /// Real time that one poll may take: 10 ms. Other tasks of the same thread wait that long.
    pub long_poll: Duration,
    /// Polls in a row in which a lane may wake itself: 10.
    pub self_wakes: usize,
}

impl Default for Thresholds {
    fn default() -> Thresholds {
        Thresholds { long_poll: Duration::from_millis(10), self_wakes: 10 }
    }
}

/// A lane that still waits, as far as the events before `step` tell, and that holds no waker any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unreachable {
    pub lane: LaneId,
    pub step: usize,
    /// It had one: it was dropped. If not, the poll that ended at `step` has kept none.
    pub had_one: bool,
}

/// `unreachable` is known only while the recording is read: what a timeline says of wakers is not their number.
pub(crate) fn of(
    timeline: &Timeline,
    thresholds: &Thresholds,
    unreachable: &[Unreachable],
) -> Vec<Finding> {
    let lives = Lives::of(timeline);
    let mut findings = polls::long(timeline, thresholds);
    findings.extend(polls::self_wakes(timeline, thresholds));
    // An event that is missing at the end would be taken for one that never happened.
    if timeline.events_dropped == 0 {
        findings.extend(wakers::unreachable(timeline, &lives, unreachable));
        let held = abandoned::held(timeline, &lives);
        let is_held = |lane: LaneId| held.iter().any(|finding| finding.lane == lane);
        let unpolled = abandoned::never_polled_again(timeline, &lives);
        findings.extend(unpolled.into_iter().filter(|finding| !is_held(finding.lane)));
        findings.extend(held);
    }
    findings.sort_by_key(|finding| finding.step);
    findings
}

fn finding(kind: FindingKind, lane: LaneId, step: usize, text: String) -> Finding {
    Finding { kind, lane, step, text }
}

/// `task 1 (main.rs:12)`
fn name(timeline: &Timeline, lane: LaneId) -> String {
    let lane = timeline.lane(lane);
    match &lane.location {
        Some(location) => format!("{} ({location})", lane.name),
        None => lane.name.clone(),
    }
}
