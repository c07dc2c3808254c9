//! Polls that take long, and lanes that spin.

use super::{Thresholds, finding, name};
use crate::model::{By, Finding, FindingKind, Kind, LaneId, Outcome, Timeline, What};
use crate::text::time;
use std::collections::HashMap;
use std::time::Duration;

/// The longest poll of a lane: its real time, where it ended, and how many were too long.
#[derive(Debug, Clone, Copy, Default)]
struct Longest {
    busy: Duration,
    step: usize,
    times: usize,
}

/// One finding a lane, at its longest poll. Of polls inside each other the innermost is to blame.
pub(super) fn long(timeline: &Timeline, thresholds: &Thresholds) -> Vec<Finding> {
    let mut longest: HashMap<LaneId, Longest> = HashMap::new();
    // For each worker, whether a part of each lane that it polls is to blame already.
    let mut open: HashMap<LaneId, Vec<bool>> = HashMap::new();
    for (step, event) in timeline.events.iter().enumerate() {
        let stack = open.entry(event.worker).or_default();
        match event.what {
            What::PollStart => stack.push(false),
            What::PollEnd { busy, .. } => {
                let is_blamed = stack.pop().unwrap_or_default();
                if busy < thresholds.long_poll {
                    continue;
                }
                if let Some(outer) = stack.last_mut() {
                    *outer = true;
                }
                // A closure of `spawn_blocking` may take its time.
                if !is_blamed && timeline.lane(event.lane).kind != Kind::Closure {
                    let known = longest.entry(event.lane).or_default();
                    known.times += 1;
                    if busy > known.busy {
                        (known.busy, known.step) = (busy, step);
                    }
                }
            }
            _ => {}
        }
    }
    let finding = |(lane, longest): (LaneId, Longest)| {
        let text = long_text(timeline, thresholds, lane, longest);
        finding(FindingKind::LongPoll, lane, longest.step, text)
    };
    longest.into_iter().map(finding).collect()
}

fn long_text(
    timeline: &Timeline,
    thresholds: &Thresholds,
    lane: LaneId,
    Longest { busy, times, .. }: Longest,
) -> String {
    // On a paused clock a drawing is the same each time, and real time is not.
    let took = match timeline.is_paused() {
        true => format!("longer than {}", time(thresholds.long_poll)),
        false => time(busy),
    };
    let times =
        if times > 1 { format!(", and {times} polls were too long") } else { String::new() };
    format!(
        "One poll of {} took {took}{times}. Nothing else ran on this thread meanwhile. Move the work to \
         spawn_blocking, or await in between.",
        name(timeline, lane),
    )
}

/// One finding a lane, at the end of its longest row of such polls.
pub(super) fn self_wakes(timeline: &Timeline, thresholds: &Thresholds) -> Vec<Finding> {
    #[derive(Default)]
    struct Spin {
        is_polled: bool,
        woke: bool,
        row: usize,
        most: (usize, usize),
    }
    let mut spins: HashMap<LaneId, Spin> = HashMap::new();
    for (step, event) in timeline.events.iter().enumerate() {
        let spin = spins.entry(event.lane).or_default();
        match event.what {
            What::PollStart => (spin.is_polled, spin.woke) = (true, false),
            What::Wake { by: By::Lane(by), .. } if by == event.lane => spin.woke |= spin.is_polled,
            What::PollEnd { outcome, .. } => {
                let spins = spin.woke && outcome == Outcome::Pending;
                spin.row = if spins { spin.row + 1 } else { 0 };
                spin.is_polled = false;
                spin.most = spin.most.max((spin.row, step));
            }
            _ => {}
        }
    }
    let spins = spins.into_iter().filter(|(_, spin)| spin.most.0 >= thresholds.self_wakes);
    let finding = |(lane, Spin { most: (row, step), .. })| {
        let text = format!(
            "{} woke itself in {row} polls in a row: it spins, and takes a thread for itself. Wait for a timer, \
             a channel or a Notify.",
            name(timeline, lane),
        );
        finding(FindingKind::SelfWake, lane, step, text)
    };
    spins.map(finding).collect()
}
