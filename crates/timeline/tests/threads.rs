//! Promise: whatever the order in which two threads do what they do, it is drawn.

use std::time::Duration;
use timeline::model::{By, Event, Kind, Lane, LaneId, Outcome, Timeline, What};
use timeline::{Drawing, chrome, html, svg};

const ONE: LaneId = LaneId(0);
const OTHER: LaneId = LaneId(1);
const MAIN: LaneId = LaneId(2);
const TASK: LaneId = LaneId(3);

#[test]
fn every_interleaving_of_two_threads_is_drawn() {
    let end = |outcome| What::PollEnd { outcome, busy: Duration::ZERO };
    let over = What::Dropped { finished: true };
    let one = [
        (MAIN, What::PollStart),
        (MAIN, end(Outcome::Pending)),
        (MAIN, What::Wake { by: By::Lane(TASK), inferred: true }),
        (MAIN, What::PollStart),
        (MAIN, end(Outcome::Ready)),
        (MAIN, over),
    ];
    let other = [
        (OTHER, What::Created),
        (TASK, What::PollStart),
        (TASK, end(Outcome::Ready)),
        (TASK, over),
        (OTHER, What::Parked),
    ];
    let mut count = 0;
    // Each bit says whose turn it is.
    for turns in 0_u32..1 << (one.len() + other.len()) {
        if turns.count_ones() as usize != one.len() {
            continue;
        }
        let (mut one, mut other) = (one.into_iter(), other.into_iter());
        let begin = [(ONE, What::Created), (MAIN, What::Created), (TASK, What::Created)];
        let mut events: Vec<_> = begin.map(|(lane, what)| (ONE, lane, what)).into();
        for turn in 0..one.len() + other.len() {
            let (thread, next) = match turns >> turn & 1 {
                1 => (ONE, one.next()),
                _ => (OTHER, other.next()),
            };
            events.extend(next.map(|(lane, what)| (thread, lane, what)));
        }
        assert_drawn(&timeline(events));
        count += 1;
    }
    assert_eq!(count, 462);
}

/// 40 µs between any two events.
fn timeline(events: Vec<(LaneId, LaneId, What)>) -> Timeline {
    let at = |step: usize| Duration::from_micros(40) * step as u32;
    let events = events.into_iter().enumerate();
    let events =
        events.map(|(step, (worker, lane, what))| Event { at: at(step), lane, worker, what });
    let lane = |id, kind, name: &str, parent| {
        let name = name.to_string();
        Lane { id, kind, name, location: None, parent, size_bytes: None }
    };
    let lanes = vec![
        lane(ONE, Kind::Worker, "main", None),
        lane(OTHER, Kind::Worker, "worker 1", None),
        lane(MAIN, Kind::Root, "main", None),
        lane(TASK, Kind::Task, "task 1", Some(MAIN)),
    ];
    Timeline { lanes, events: events.collect(), end: at(13), ..Timeline::example() }
}

fn assert_drawn(timeline: &Timeline) {
    let text = Drawing::new(timeline.clone()).to_string();
    let (picture, page) = (svg::picture(timeline, ""), html::page(timeline, ""));
    for drawing in [text, picture, page, chrome::trace(timeline, "")] {
        assert!(drawing.contains("task 1"), "{drawing}");
    }
}
