//! Promise: what two threads do is drawn, whatever its order, and each thread is a lane.

use std::time::Duration;
use timeline::model::{By, Ending, Event, Kind, Lane, LaneId, Outcome, Timeline, What};
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

/// A run of 100 ms on two threads, of which the second sleeps for its first half.
fn two_threads() -> Timeline {
    let (main, task, first, second) = (LaneId(0), LaneId(1), LaneId(2), LaneId(3));
    let lane = |id, kind, name: &str| Lane {
        id,
        kind,
        name: name.to_string(),
        location: None,
        parent: None,
        size_bytes: None,
    };
    let end = |outcome| What::PollEnd { outcome, busy: Duration::ZERO };
    let events = [
        (0, main, first, What::Created),
        (0, main, first, What::PollStart),
        (0, task, first, What::Created),
        (10, main, first, end(Outcome::Pending)),
        (10, second, second, What::Parked),
        (50, second, second, What::Unparked),
        (50, task, second, What::PollStart),
        (90, task, second, end(Outcome::Ready)),
        (90, task, second, What::Dropped { finished: true }),
        (90, main, first, What::PollStart),
        (100, main, first, end(Outcome::Ready)),
    ];
    let event = |(at, lane, worker, what)| {
        let at = Duration::from_millis(at);
        Event { at, lane, worker, what }
    };
    Timeline {
        lanes: vec![
            lane(main, Kind::Root, "main"),
            lane(task, Kind::Task, "task 1"),
            lane(first, Kind::Worker, "main"),
            lane(second, Kind::Worker, "worker 1"),
        ],
        events: events.map(event).to_vec(),
        findings: Vec::new(),
        events_dropped: 0,
        end: Duration::from_millis(100),
        ending: Ending::Finished,
    }
}

#[test]
fn several_threads_are_lanes_as_well() {
    let text = Drawing::new(two_threads()).width(63).to_string();
    let (_, threads) = text.split_once("\n\n").unwrap();
    let expected = "\
threads      0 ms                                        100 ms
main         mmmmmm·······································mmmmm
worker 1          ····················111111111111111111111
             m\u{a0}main, 1\u{a0}task\u{a0}1, ·\u{a0}asleep
";
    assert_eq!(threads, expected, "{text}");
}
