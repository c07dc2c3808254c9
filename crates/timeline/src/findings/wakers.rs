//! Lanes that wait, and that nothing can wake.

use super::lives::Lives;
use super::{Unreachable, finding, name};
use crate::model::{Finding, FindingKind, Timeline};

/// One finding for each lane that stayed so until the program ended.
pub(super) fn unreachable(
    timeline: &Timeline,
    lives: &Lives,
    unreachable: &[Unreachable],
) -> Vec<Finding> {
    let stayed = unreachable.iter().filter(|Unreachable { lane, step, .. }| {
        let life = lives.of_lane(*lane);
        let is_last = life.poll_start < Some(*step) && life.wake < Some(*step);
        // A waker that is dropped at the end of the program would have woken nobody in any case.
        let root = timeline.root().map(|root| lives.of_lane(root));
        let is_early = lives.end == timeline.events.len()
            || root.is_some_and(|root| root.poll_start > Some(*step));
        is_last && is_early && lives.is_left(*lane)
    });
    let stayed: Vec<&Unreachable> = stayed.collect();
    // A lane that waits for such a part is not to blame.
    let has_part = |lane| stayed.iter().any(|other| timeline.is_inside(other.lane, lane));
    let innermost = stayed.iter().copied().filter(|it| !has_part(it.lane));
    let mut findings: Vec<Finding> = innermost.map(|it| told(timeline, it)).collect();
    findings.dedup_by_key(|finding| finding.lane);
    findings
}

fn told(timeline: &Timeline, Unreachable { lane, step, had_one }: &Unreachable) -> Finding {
    let who = name(timeline, *lane);
    let (kind, text) = match had_one {
        false => (
            FindingKind::NoWaker,
            format!(
                "{who} returned Pending, and nothing kept its waker: nothing can wake it. Before you return Pending, \
                 clone `cx.waker()` and give it to what will call `wake`."
            ),
        ),
        true => (
            FindingKind::LostWaker,
            format!(
                "The last waker of {who} was dropped without a wake, and it still waits. Keep each waker until you \
                 have called `wake`: one place for one waker is too few for two that wait."
            ),
        ),
    };
    finding(kind, *lane, *step, text)
}
