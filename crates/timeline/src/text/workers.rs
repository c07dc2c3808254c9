//! Which thread polled what, and when it slept: one line a thread, time from left to right.

use super::notes::filled;
use super::times::time;
use crate::model::{Event, Kind, LaneId, Timeline, What};
use std::collections::HashMap;
use std::fmt::Write;
use std::time::Duration;

/// Of the names at the left.
const NAMES: usize = 12;

/// Returns nothing if only one thread polled something, or if no time passed.
pub(super) fn workers(timeline: &Timeline, width: usize) -> String {
    let polls = polls(timeline);
    let workers: Vec<_> = timeline
        .workers()
        .filter(|worker| polls.iter().any(|poll| poll.worker == worker.id))
        .collect();
    if workers.len() < 2 || timeline.end.is_zero() {
        return String::new();
    }
    let keys = Keys::of(timeline, &polls);
    let columns = width.saturating_sub(NAMES + 1).max(20);
    let mut out = String::new();
    let end = time(timeline.end);
    let _ = writeln!(out, "{:NAMES$} 0 ms{end:>pad$}", "threads", pad = columns - 4);
    for worker in workers {
        let its: Vec<_> = polls.iter().filter(|poll| poll.worker == worker.id).collect();
        let line = strip(timeline, worker.id, &its, &keys, columns);
        let name: String = worker.name.chars().take(NAMES).collect();
        let _ = writeln!(out, "{}", format!("{name:NAMES$} {line}").trim_end());
    }
    for line in filled(&keys.legend, columns) {
        let _ = writeln!(out, "{:NAMES$} {line}", "");
    }
    out
}

/// Returns the time of one thread.
fn strip(
    timeline: &Timeline,
    worker: LaneId,
    its: &[&Poll],
    keys: &Keys,
    columns: usize,
) -> String {
    let mut line = vec![' '; columns];
    let column = |at: Duration| {
        let column = at.as_nanos() * columns as u128 / timeline.end.as_nanos();
        (column as usize).min(columns - 1)
    };
    let mut parks = parks(timeline, worker);
    // A thread that is inside `block_on` sleeps whenever it does not poll.
    let is_root = |poll: &&Poll| timeline.lane(poll.lane).kind == Kind::Root;
    if let ([first, ..], true) = (its, its.iter().all(is_root)) {
        parks = vec![(first.from, its[its.len() - 1].until)];
    }
    for (from, until) in parks {
        line[column(from)..=column(until)].fill('·');
    }
    for poll in its {
        line[column(poll.from)..=column(poll.until)].fill(keys.of[&poll.lane]);
    }
    line.into_iter().collect()
}

struct Poll {
    worker: LaneId,
    lane: LaneId,
    from: Duration,
    until: Duration,
}

/// Of tasks, closures and roots: what a thread is given to poll.
fn polls(timeline: &Timeline) -> Vec<Poll> {
    let mut open: HashMap<LaneId, Duration> = HashMap::new();
    let mut polls = Vec::new();
    for event in &timeline.events {
        let is_given =
            matches!(timeline.lane(event.lane).kind, Kind::Root | Kind::Task | Kind::Closure);
        match event.what {
            What::PollStart if is_given => _ = open.insert(event.lane, event.at),
            What::PollEnd { .. } => {
                if let Some(from) = open.remove(&event.lane) {
                    let Event { at: until, worker, lane, .. } = *event;
                    polls.push(Poll { worker, lane, from, until });
                }
            }
            _ => {}
        }
    }
    polls
}

fn parks(timeline: &Timeline, worker: LaneId) -> Vec<(Duration, Duration)> {
    let mut parks = Vec::new();
    let mut since = None;
    for (_, event) in timeline.of(worker) {
        match event.what {
            What::Parked => since = Some(event.at),
            What::Unparked => parks.extend(since.take().map(|since| (since, event.at))),
            _ => {}
        }
    }
    parks.extend(since.map(|since| (since, timeline.end)));
    parks
}

/// One letter a lane: `m` for main, `1` for task 1, and so on.
struct Keys {
    of: HashMap<LaneId, char>,
    legend: String,
}

impl Keys {
    fn of(timeline: &Timeline, polls: &[Poll]) -> Keys {
        let mut keys = Keys { of: HashMap::new(), legend: String::new() };
        let mut letters = ('1'..='9').chain('a'..='l').chain('n'..='z').chain('A'..='Z');
        let mut is_full = false;
        for poll in polls {
            if keys.of.contains_key(&poll.lane) {
                continue;
            }
            let lane = timeline.lane(poll.lane);
            let key = if lane.kind == Kind::Root && !keys.of.values().any(|key| *key == 'm') {
                Some('m')
            } else {
                letters.next()
            };
            keys.of.insert(poll.lane, key.unwrap_or('#'));
            match key {
                Some(key) => {
                    let name = lane.name.replace(' ', "\u{a0}");
                    _ = write!(keys.legend, "{key}\u{a0}{name}, ");
                }
                None => is_full = true,
            }
        }
        keys.legend.push_str(if is_full {
            "#\u{a0}others, ·\u{a0}asleep"
        } else {
            "·\u{a0}asleep"
        });
        keys
    }
}
