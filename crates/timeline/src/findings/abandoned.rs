//! Lanes that were woken and not polled any more, and the locks that they have.

use super::lives::Lives;
use super::{finding, name};
use crate::model::{
    ByLane, Ending, Finding, FindingKind, Kind, LaneId, Outcome, Resource, Timeline, What,
};
use std::collections::HashMap;
use std::time::Duration;

/// A task that is to be polled for that long has been forgotten, or its thread is kept busy.
const LONG: Duration = Duration::from_secs(1);

pub(super) fn never_polled_again(timeline: &Timeline, lives: &Lives) -> Vec<Finding> {
    let owed = timeline.lanes.iter().filter(|lane| lives.is_owed_a_poll(lane.id));
    let findings = owed.filter_map(|lane| {
        let step = lives.of_lane(lane.id).wake?;
        let who = name(timeline, lane.id);
        let text = match lane.kind {
            Kind::Future => {
                let parent = lane.parent.filter(|parent| has_returned_since(timeline, *parent, step))?;
                format!(
                    "{who} was woken, and {} was polled without it: nobody polls it any more. Finish it or drop it.",
                    timeline.lane(parent).name,
                )
            }
            Kind::Task => {
                let dropped = lives.of_lane(lane.id).dropped;
                let until = dropped.map_or(timeline.end, |dropped| timeline.events[dropped].at);
                let waited = until - timeline.events[step].at;
                let is_stalled = timeline.ending == Ending::Stalled && dropped.is_none();
                (is_stalled || waited >= LONG).then_some(())?;
                format!(
                    "{who} was woken and not polled any more. Its thread is busy with something else, or nobody \
                     drives its LocalSet."
                )
            }
            _ => return None,
        };
        Some(finding(FindingKind::NeverPolledAgain, lane.id, step, text))
    });
    findings.collect()
}

/// Tells whether `parent` was polled after `step` and returned `Pending`.
fn has_returned_since(timeline: &Timeline, parent: LaneId, step: usize) -> bool {
    let later = timeline.events.iter().skip(step).filter(|event| event.lane == parent);
    let mut later = later.skip_while(|event| event.what != What::PollStart);
    later.any(|event| matches!(event.what, What::PollEnd { outcome: Outcome::Pending, .. }))
}

/// One finding for each lock that somebody waits for in vain.
pub(super) fn held(timeline: &Timeline, lives: &Lives) -> Vec<Finding> {
    let mut holders: HashMap<LaneId, Vec<(LaneId, usize)>> = HashMap::new();
    for (step, event) in timeline.events.iter().enumerate().take(lives.end) {
        let held = holders.entry(event.lane).or_default();
        match event.what {
            What::Acquired { holder } => held.push((holder, step)),
            What::Released { holder } => {
                if let Some(index) = held.iter().position(|(it, _)| Some(*it) == holder) {
                    held.remove(index);
                }
            }
            _ => {}
        }
    }
    let events = ByLane::new(timeline);
    let mut findings = Vec::new();
    // One that was woken has what it waited for.
    let waits = |lane: LaneId| lives.is_left(lane) && !lives.is_owed_a_poll(lane);
    for lane in timeline.lanes.iter().filter(|lane| waits(lane.id)) {
        let Some(lock) = events.waits_for(lane.id, lives.end) else { continue };
        let is_lock = matches!(
            timeline.lane(lock).kind,
            Kind::Resource(Resource::Mutex | Resource::RwLock | Resource::Semaphore)
        );
        let held = holders.get(&lock).map(Vec::as_slice).unwrap_or_default();
        let is_new = !findings.iter().any(|(known, _)| *known == lock);
        let found = held.iter().find_map(|(holder, step)| {
            Some((*step, *holder, text(timeline, lives, lane.id, lock, *holder)?))
        });
        if let (true, true, Some((step, holder, text))) = (is_lock, is_new, found) {
            findings.push((lock, finding(FindingKind::HeldByNobody, holder, step, text)));
        }
    }
    findings.into_iter().map(|(_, finding)| finding).collect()
}

fn text(
    timeline: &Timeline,
    lives: &Lives,
    waits: LaneId,
    lock: LaneId,
    holder: LaneId,
) -> Option<String> {
    let is_one_of_many = timeline.lane(lock).kind == Kind::Resource(Resource::Semaphore);
    let (lock, waits_name) = (name(timeline, lock), &timeline.lane(waits).name);
    let (lock, which, same) = match is_one_of_many {
        true => (format!("a permit of {lock}"), "and has one", "one too"),
        false => (lock, "which it has", "the same lock"),
    };
    if holder == waits {
        return Some(format!(
            "{waits_name} waits for {lock}, {which} itself: in a guard that is still alive, or in a future that \
             it does not poll any more."
        ));
    }
    let is_polled_by_nobody = lives.is_owed_a_poll(holder) && lives.is_left(holder);
    is_polled_by_nobody.then(|| {
        format!(
            "{} has {lock}, and nobody polls it any more, while {waits_name} waits for {same}: a futurelock. \
             Finish the future or drop it before you wait for anything else.",
            timeline.lane(holder).name,
        )
    })
}
