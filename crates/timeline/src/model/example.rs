//! A small run, for the tests of renderers.

use super::{By, Ending, Event, Kind, Lane, LaneId, Location, Outcome, Resource, Timeline, What};
use std::time::Duration;

impl Timeline {
    /// Returns a small run, for the tests of renderers: `main` spawns a task, which is ready at once,
    /// and waits for a future named `fetch`, which sleeps for 10 ms.
    pub fn example() -> Timeline {
        let (worker, main, fetch, sleep, task) =
            (LaneId(0), LaneId(1), LaneId(2), LaneId(3), LaneId(4));
        let start = What::PollStart;
        let pending = What::PollEnd { outcome: Outcome::Pending, busy: Duration::from_micros(40) };
        let ready = What::PollEnd { outcome: Outcome::Ready, busy: Duration::from_micros(20) };
        let end = What::Dropped { finished: true };
        let wake = |by| What::Wake { by: By::Lane(by), inferred: false };
        let polls_sleep = |ready| What::ResourcePoll { on: sleep, ready };
        let first = [
            (worker, What::Created),
            (main, What::Created),
            (main, start),
            (task, What::Created),
            (fetch, What::Created),
            (fetch, start),
            (sleep, What::Created),
            (fetch, What::WakerCloned),
            (fetch, polls_sleep(false)),
            (fetch, pending),
            (main, pending),
            (task, start),
            (task, ready),
            (task, end),
            (worker, What::Parked),
        ];
        let then = [
            (worker, What::Unparked),
            (fetch, wake(sleep)),
            (main, wake(fetch)),
            (main, start),
            (fetch, start),
            (fetch, polls_sleep(true)),
            (sleep, end),
            (fetch, ready),
            (fetch, end),
            (main, ready),
            (main, end),
        ];
        let at = |at| move |(lane, what)| Event { at, lane, worker, what };
        let ten = Duration::from_millis(10);
        Timeline {
            lanes: vec![
                lane(worker, Kind::Worker, "worker 0", None, None, None),
                lane(main, Kind::Root, "main", Some(5), None, Some(312)),
                lane(fetch, Kind::Future, "fetch", Some(8), Some(main), Some(112)),
                lane(
                    sleep,
                    Kind::Resource(Resource::Sleep),
                    "Sleep 10 ms",
                    Some(14),
                    Some(fetch),
                    None,
                ),
                lane(task, Kind::Task, "task 1", Some(6), Some(main), Some(1)),
            ],
            events: first.map(at(Duration::ZERO)).into_iter().chain(then.map(at(ten))).collect(),
            findings: Vec::new(),
            events_dropped: 0,
            end: ten,
            ending: Ending::Finished,
        }
    }
}

fn lane(
    id: LaneId,
    kind: Kind,
    name: &str,
    line: Option<u32>,
    parent: Option<LaneId>,
    size_bytes: Option<u64>,
) -> Lane {
    let location = line.map(|line| Location { file: "src/main.rs".to_string(), line });
    Lane { id, kind, name: name.to_string(), location, parent, size_bytes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_comes_back_from_json_and_an_event_is_one_flat_object() {
        let example = Timeline::example();
        let json = serde_json::to_string(&example).unwrap();
        assert_eq!(serde_json::from_str::<Timeline>(&json).unwrap(), example);
        let wake =
            r#"{"at":10000000,"lane":2,"worker":0,"what":"wake","by":{"lane":3},"inferred":false}"#;
        assert!(json.contains(wake), "{json}");
        let kind = r#""kind":{"resource":"sleep"}"#;
        assert!(json.contains(kind), "{json}");
    }

    #[test]
    fn the_example_keeps_the_three_rules() {
        let Timeline { lanes, events, .. } = Timeline::example();
        assert!(lanes.iter().enumerate().all(|(index, lane)| lane.id.0 as usize == index));
        assert!(events.windows(2).all(|two| two[0].at <= two[1].at));
        let mut open = Vec::new();
        for event in &events {
            match event.what {
                What::PollStart => open.push(event.lane),
                What::PollEnd { .. } => assert_eq!(open.pop(), Some(event.lane)),
                _ => {}
            }
        }
        assert_eq!(open, []);
    }
}
