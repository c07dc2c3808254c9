//! The knowledge of the collector while the program runs: the meaning of each span, and the spans that each thread is in.

use super::raw::{Facts, Raw, RawWhat, Recording, ThreadFacts};
use super::spans::{Frame, Span, Thread};
use super::threads::Sleeper;
use rustc_hash::FxHashMap;
use std::time::Instant;

#[derive(Debug)]
pub(super) struct State {
    pub recording: Recording,
    capacity: usize,
    /// Tokio's clock stands still, as far as is known. Reading the real one as well takes time.
    pub(super) is_paused: bool,
    /// Tells whether this thread is one of the runtime's.
    pub(super) is_inside: fn() -> bool,
    pub(super) spans: FxHashMap<u64, Span>,
    /// At the number of a thread in this process, its index here.
    numbers: Vec<Option<u32>>,
    pub(super) threads: Vec<Thread>,
    /// When the first event came.
    start: Option<Instant>,
    last: u64,
}

impl State {
    pub(super) fn new(capacity: usize, is_paused: bool, is_inside: fn() -> bool) -> State {
        State {
            // At once: a buffer that grows is copied in the middle of a poll, and takes up to twice as much.
            recording: Recording { events: Vec::with_capacity(capacity), ..Recording::default() },
            capacity,
            is_paused,
            is_inside,
            spans: FxHashMap::default(),
            numbers: Vec::new(),
            threads: Vec::new(),
            start: None,
            last: 0,
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.recording.events.len() >= self.capacity
    }

    /// Notes who has gone to sleep since its last event, so that a thread that never wakes up again is seen to sleep.
    pub(super) fn look_at_sleepers(&mut self) {
        for (thread, facts) in self.threads.iter().zip(&mut self.recording.threads) {
            facts.is_parked = thread.sleeper.as_ref().is_some_and(Sleeper::has_slept_since);
        }
    }

    /// Returns the index of the thread with this number in this process.
    pub(super) fn thread(&mut self, number: u32) -> u32 {
        let number = number as usize;
        if let Some(Some(index)) = self.numbers.get(number) {
            return *index;
        }
        let index = self.threads.len() as u32;
        self.numbers.resize(self.numbers.len().max(number + 1), None);
        self.numbers[number] = Some(index);
        let name = std::thread::current().name().unwrap_or_default().to_string();
        self.recording.threads.push(ThreadFacts { name, is_parked: false });
        self.threads.push(Thread::default());
        index
    }

    /// Times come from several threads, and the lock puts them in order.
    pub(super) fn push(&mut self, at: Instant, thread: u32, what: RawWhat) {
        if self.is_full() {
            self.recording.events_dropped += 1;
            return;
        }
        // Tokio makes the span of `block_on` before it enters the runtime, whose clock may stand still.
        if self.start.is_none() && (self.is_inside)() {
            self.start = Some(at);
        }
        let since = self.start.map(|start| at.saturating_duration_since(start));
        self.last = self.last.max(since.map_or(0, |since| since.as_nanos() as u64));
        self.recording.events.push(Raw { at: self.last, thread, what });
    }

    pub(super) fn new_lane(&mut self, at: Instant, thread: u32, facts: Facts) -> Option<u32> {
        if self.is_full() {
            self.recording.events_dropped += 1;
            return None;
        }
        let lane = self.recording.lanes.len() as u32;
        self.recording.lanes.push(facts);
        self.push(at, thread, RawWhat::Created(lane));
        Some(lane)
    }

    pub(super) fn frames(&self, thread: u32) -> &[Frame] {
        &self.threads[thread as usize].frames
    }

    /// Returns the lane that is being polled on this thread.
    pub(super) fn lane_on(&self, thread: u32) -> Option<u32> {
        self.frames(thread).iter().rev().find_map(|frame| match frame.span {
            Span::Lane(lane) => Some(lane),
            _ => None,
        })
    }
}
