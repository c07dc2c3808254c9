//! The lanes, with their names and parents.

use crate::collect::raw::{Facts, RawWhat, Recording};
use crate::model::{Kind, Lane, LaneId, Resource};

pub(super) struct Lanes<'a> {
    recording: &'a Recording,
    parents: Vec<Option<u32>>,
    /// Of timers, in milliseconds: the first for which they were set.
    millis: Vec<Option<u64>>,
    seen: Vec<bool>,
}

impl<'a> Lanes<'a> {
    pub(super) fn new(recording: &'a Recording) -> Lanes<'a> {
        let count = recording.lanes.len();
        Lanes {
            recording,
            parents: vec![None; count],
            millis: vec![None; count],
            seen: vec![false; recording.threads.len()],
        }
    }

    /// Workers come after all other lanes.
    pub(super) fn worker(&self, thread: u32) -> LaneId {
        LaneId(self.recording.lanes.len() as u32 + thread)
    }

    /// Tells whether this is the first event of a thread.
    pub(super) fn is_new(&mut self, thread: u32) -> bool {
        !std::mem::replace(&mut self.seen[thread as usize], true)
    }

    pub(super) fn set_parent(&mut self, lane: u32, parent: Option<u32>) {
        self.parents[lane as usize] = parent;
    }

    pub(super) fn parent(&self, lane: u32) -> Option<u32> {
        self.parents[lane as usize]
    }

    pub(super) fn name_timer(&mut self, lane: u32, millis: u64) {
        self.millis[lane as usize].get_or_insert(millis);
    }

    /// Tells whether `lane` is polled by `ancestor`, or inside it.
    pub(super) fn is_inside(&self, lane: u32, ancestor: u32) -> bool {
        let mut up = self.parents[lane as usize];
        while let Some(lane) = up {
            if lane == ancestor {
                return true;
            }
            up = self.parents[lane as usize];
        }
        false
    }

    pub(super) fn finish(self) -> Vec<Lane> {
        let mut names = Names::default();
        let recording = self.recording;
        let lanes = recording.lanes.iter().enumerate().map(|(index, facts)| Lane {
            id: LaneId(index as u32),
            kind: facts.kind,
            name: names.of(facts, self.millis[index]),
            location: facts.location.clone(),
            parent: self.parents[index].map(LaneId),
            size_bytes: facts.size_bytes,
        });
        let mut lanes: Vec<_> = lanes.collect();
        for (thread, has_closures) in recording.threads.iter().zip(self.only_closures()) {
            let id = LaneId(lanes.len() as u32);
            let name = names.of_thread(&thread.name, has_closures);
            let kind = Kind::Worker;
            lanes.push(Lane { id, kind, name, location: None, parent: None, size_bytes: None });
        }
        lanes
    }
}

impl Lanes<'_> {
    /// Tells for each thread whether it has run closures of `spawn_blocking`, and polled nothing else.
    fn only_closures(&self) -> Vec<bool> {
        let mut ran = vec![(false, false); self.recording.threads.len()];
        for raw in &self.recording.events {
            if let RawWhat::Entered(lane) = raw.what {
                let (closures, others) = &mut ran[raw.thread as usize];
                let is_closure = self.recording.lanes[lane as usize].kind == Kind::Closure;
                *if is_closure { closures } else { others } = true;
            }
        }
        ran.into_iter().map(|(closures, others)| closures && !others).collect()
    }
}

/// Numbers what has no name.
#[derive(Default)]
struct Names {
    roots: u32,
    tasks: u32,
    closures: u32,
    workers: u32,
    blocking: u32,
}

impl Names {
    fn of(&mut self, facts: &Facts, millis: Option<u64>) -> String {
        if !facts.name.is_empty() {
            return facts.name.clone();
        }
        match facts.kind {
            Kind::Root if next(&mut self.roots) == 1 => "main".to_string(),
            Kind::Root => format!("block_on {}", self.roots),
            Kind::Task => format!("task {}", next(&mut self.tasks)),
            Kind::Closure => format!("closure {}", next(&mut self.closures)),
            Kind::Future => "future".to_string(),
            Kind::Resource(resource) => {
                millis.map_or(name(resource).to_string(), |millis| timer(resource, millis))
            }
            Kind::Worker => String::new(),
        }
    }

    fn of_thread(&mut self, name: &str, has_closures: bool) -> String {
        match name {
            "tokio-rt-worker" | "tokio-runtime-worker" if has_closures => {
                format!("blocking {}", next(&mut self.blocking))
            }
            "tokio-rt-worker" | "tokio-runtime-worker" => {
                format!("worker {}", next(&mut self.workers))
            }
            "" => "thread".to_string(),
            other => other.to_string(),
        }
    }
}

fn next(count: &mut u32) -> u32 {
    *count += 1;
    *count
}

fn name(resource: Resource) -> &'static str {
    match resource {
        Resource::Sleep => "Sleep",
        Resource::Interval => "Interval",
        Resource::Mutex => "Mutex",
        Resource::RwLock => "RwLock",
        Resource::Semaphore => "Semaphore",
        Resource::Barrier => "Barrier",
        Resource::Oneshot => "oneshot",
        Resource::Mpsc => "mpsc",
        Resource::Other => "resource",
    }
}

fn timer(resource: Resource, millis: u64) -> String {
    match resource {
        Resource::Sleep if millis > 0 && millis.is_multiple_of(1000) => {
            format!("Sleep {} s", millis / 1000)
        }
        Resource::Sleep => format!("Sleep {millis} ms"),
        other => name(other).to_string(),
    }
}
