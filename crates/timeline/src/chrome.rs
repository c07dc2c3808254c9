//! A run as a trace in Chrome's format, which <https://ui.perfetto.dev> opens.
//!
//! A lane is a thread of the trace. A poll, a wait and the life of a resource are slices, a wake is
//! an arrow, all else is an instant.

mod clock;

use crate::model::{By, ByLane, Event, Kind, Lane, LaneId, Segment, State, Timeline, What};
use crate::shifts::{Shift, shifts};
use clock::Clock;
use serde_json::{Value, json};

/// The processes of the trace: what runs, and what it runs on.
const LANES: u32 = 1;
const THREADS: u32 = 2;

/// Returns the trace of a run.
///
/// Steps at the same time stand a microsecond apart, as on a paused clock nothing would be seen of
/// them otherwise. `at` among the arguments of each is its time by Tokio's clock, in nanoseconds.
pub fn trace(timeline: &Timeline, title: &str) -> String {
    let trace = Trace { timeline, clock: Clock::of(timeline) };
    let mut events = trace.names(title);
    let index = ByLane::new(timeline);
    for lane in &timeline.lanes {
        match lane.kind {
            Kind::Worker => {
                events.extend(shifts(timeline, lane.id).iter().map(|it| trace.shift(lane, it)))
            }
            _ => events.extend(index.segments(lane.id).iter().map(|it| trace.slice(lane, it))),
        }
    }
    for (step, event) in timeline.events.iter().enumerate() {
        events.extend(trace.happened(step, event));
    }
    for finding in &timeline.findings {
        events.push(trace.instant(finding.step, finding.lane, &finding.text, "finding"));
    }
    json!({ "displayTimeUnit": "ns", "traceEvents": events }).to_string()
}

struct Trace<'a> {
    timeline: &'a Timeline,
    clock: Clock,
}

impl Trace<'_> {
    /// Returns the names of the trace's processes and threads, and their order.
    fn names(&self, title: &str) -> Vec<Value> {
        let name = |what: &str, pid: u32, tid: u32, name: &str| json!({ "ph": "M", "name": what, "pid": pid, "tid": tid, "args": { "name": name } });
        let mut names = vec![
            name("process_name", LANES, 0, title),
            name("process_name", THREADS, 0, "threads"),
        ];
        let outside = [By::Runtime, By::Thread].into_iter();
        let outside = outside.filter(|by| self.timeline.wakes().any(|arrow| arrow.by == *by));
        for by in outside {
            let called = if by == By::Runtime { "Tokio" } else { "a thread" };
            names.push(name("thread_name", LANES, self.tid(by), called));
        }
        for lane in &self.timeline.lanes {
            let (pid, tid) = (pid(lane), self.tid(By::Lane(lane.id)));
            names.push(name("thread_name", pid, tid, &lane.name));
            let order = json!({ "sort_index": tid });
            names.push(
                json!({ "ph": "M", "name": "thread_sort_index", "pid": pid, "tid": tid, "args": order }),
            );
        }
        names
    }

    /// The thread of the trace for what wakes. Perfetto takes 0 for no thread.
    fn tid(&self, by: By) -> u32 {
        let lanes = u32::try_from(self.timeline.lanes.len()).unwrap_or(u32::MAX - 2);
        match by {
            By::Lane(lane) => lane.0 + 1,
            By::Runtime => lanes + 1,
            By::Thread => lanes + 2,
        }
    }

    fn slice(&self, lane: &Lane, segment: &Segment) -> Value {
        let name = match (lane.kind, segment.state) {
            (Kind::Resource(_), _) => lane.name.as_str(),
            (_, State::New) => "new",
            (_, State::Polled) => "poll",
            (_, State::Waiting) => "waits",
            (_, State::Woken) => "woken",
            (_, State::Done) => "done",
        };
        let place = lane.location.as_ref().map(|it| format!("{}:{}", it.file, it.line));
        let arguments = json!({ "made at": place, "bytes": lane.size_bytes });
        self.between(segment.from, segment.until, lane, name, arguments)
    }

    fn shift(&self, lane: &Lane, &Shift { polls, from, until }: &Shift) -> Value {
        let name = polls.map_or("asleep", |lane| self.timeline.lane(lane).name.as_str());
        self.between(from, until, lane, name, json!({}))
    }

    fn between(
        &self,
        from: usize,
        until: usize,
        lane: &Lane,
        name: &str,
        mut arguments: Value,
    ) -> Value {
        let (start, end) = (self.clock.micros(from), self.clock.micros(until));
        arguments["step"] = json!(from);
        arguments["at"] = json!(self.nanos(from));
        json!({
            "ph": "X", "name": name, "cat": "lane", "pid": pid(lane), "tid": self.tid(By::Lane(lane.id)),
            "ts": start, "dur": end - start, "args": arguments,
        })
    }

    /// Returns what no slice tells.
    fn happened(&self, step: usize, event: &Event) -> Vec<Value> {
        let name = match event.what {
            What::Wake { by, .. } => return self.wake(step, event.lane, by),
            What::ResourcePoll { on, ready } => {
                let answer = if ready { "ready" } else { "not ready" };
                format!("{}: {answer}", self.timeline.lane(on).name)
            }
            What::Acquired { holder } => format!("taken by {}", self.timeline.lane(holder).name),
            What::Released { .. } => "free again".to_string(),
            What::Dropped { finished: false } => "cancelled".to_string(),
            _ => return Vec::new(),
        };
        vec![self.instant(step, event.lane, &name, "event")]
    }

    fn instant(&self, step: usize, lane: LaneId, name: &str, category: &str) -> Value {
        let at = self.nanos(step);
        let (pid, tid) = (pid(self.timeline.lane(lane)), self.tid(By::Lane(lane)));
        json!({
            "ph": "i", "s": "t", "name": name, "cat": category, "pid": pid, "tid": tid,
            "ts": self.clock.micros(step), "args": { "step": step, "at": at },
        })
    }

    /// An arrow goes from a slice to a slice, so what is no lane gets one for it.
    fn wake(&self, step: usize, to: LaneId, by: By) -> Vec<Value> {
        let ts = self.clock.micros(step);
        let end = |ph: &str, tid: u32| {
            json!({
                "ph": ph, "bp": "e", "name": "wake", "cat": "wake", "id": step,
                "pid": LANES, "tid": tid, "ts": ts,
            })
        };
        let mut wake = Vec::new();
        if !matches!(by, By::Lane(_)) {
            let args = json!({ "step": step, "at": self.nanos(step) });
            wake.push(json!({
                "ph": "X", "name": "wake", "cat": "lane", "pid": LANES, "tid": self.tid(by),
                "ts": ts, "dur": 0.001, "args": args,
            }));
        }
        wake.extend([end("s", self.tid(by)), end("f", self.tid(By::Lane(to)))]);
        wake
    }

    fn nanos(&self, step: usize) -> u64 {
        let at = self.timeline.events.get(step).map_or(self.timeline.end, |event| event.at);
        u64::try_from(at.as_nanos()).unwrap_or(u64::MAX)
    }
}

fn pid(lane: &Lane) -> u32 {
    if lane.kind == Kind::Worker { THREADS } else { LANES }
}

#[cfg(test)]
mod tests;
