//! A trace as the description of the format wants it.

use super::*;
use std::collections::BTreeMap;

fn events(timeline: &Timeline) -> Vec<Value> {
    let trace: Value = serde_json::from_str(&trace(timeline, "a \"title\"")).unwrap();
    trace["traceEvents"].as_array().unwrap().clone()
}

fn of<'a>(events: &'a [Value], ph: &str) -> Vec<&'a Value> {
    events.iter().filter(|event| event["ph"] == ph).collect()
}

fn thread(event: &Value) -> (u64, u64) {
    (event["pid"].as_u64().unwrap(), event["tid"].as_u64().unwrap())
}

#[test]
fn each_event_has_what_its_phase_demands() {
    for event in events(&Timeline::example()) {
        assert!(event["name"].is_string() && event["pid"].is_u64(), "{event}");
        match event["ph"].as_str().unwrap() {
            "M" => assert!(event["args"].is_object(), "{event}"),
            "X" => assert!(
                event["ts"].as_f64().unwrap() >= 0.0 && event["dur"].as_f64().unwrap() > 0.0
            ),
            "i" => assert!(event["ts"].is_f64() && event["s"] == "t", "{event}"),
            "s" | "f" => assert!(event["ts"].is_f64() && event["id"].is_u64(), "{event}"),
            other => panic!("{other} is none of those that are written: {event}"),
        }
    }
}

#[test]
fn each_thread_has_a_name_and_none_is_zero() {
    let events = events(&Timeline::example());
    let named: Vec<_> =
        of(&events, "M").into_iter().filter(|it| it["name"] == "thread_name").map(thread).collect();
    for event in events.iter().filter(|event| event["ph"] != "M") {
        assert!(named.contains(&thread(event)) && thread(event).1 > 0, "{event}");
    }
}

/// Perfetto drops a slice that begins within another and ends after it.
#[test]
fn the_slices_of_a_thread_do_not_overlap() {
    let events = events(&Timeline::example());
    let mut last: BTreeMap<_, f64> = BTreeMap::new();
    for slice in of(&events, "X") {
        let start = slice["ts"].as_f64().unwrap();
        let end = last.entry(thread(slice)).or_default();
        assert!(start >= *end, "{slice}");
        *end = start + slice["dur"].as_f64().unwrap();
    }
}

#[test]
fn an_arrow_has_both_ends_and_each_lies_in_a_slice() {
    let timeline = Timeline::example();
    let events = events(&timeline);
    let (starts, ends) = (of(&events, "s"), of(&events, "f"));
    let ids =
        |ends: &[&Value]| ends.iter().map(|end| end["id"].as_u64().unwrap()).collect::<Vec<_>>();
    assert_eq!(ids(&starts), ids(&ends));
    assert_eq!(starts.len(), timeline.wakes().count());
    for end in starts.iter().chain(&ends) {
        let at = end["ts"].as_f64().unwrap();
        let holds = |it: &&&Value| {
            let start = it["ts"].as_f64().unwrap();
            thread(it) == thread(end) && start <= at && at <= start + it["dur"].as_f64().unwrap()
        };
        assert!(of(&events, "X").iter().any(|it| holds(&it)), "{end}");
    }
}
