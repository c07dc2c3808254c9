//! Follows a run from its start, to tell what each moment of it means.

use super::Told;
use super::names::{at, list, name, times};
use super::said::Said;
use super::wakes::{is_ready, is_timer, woken};
use crate::model::{Event, Kind, LaneId, Outcome, Timeline, What};
use crate::picture::moments::Moment;
use crate::picture::rows::Rows;
use crate::shifts::threads;
use crate::text::time;

pub(super) struct Teller<'a> {
    pub(super) timeline: &'a Timeline,
    /// More than one thread polls.
    many: bool,
    /// How often each lane has been polled.
    pub(super) polls: Vec<u32>,
    states: Vec<&'static str>,
    /// The lanes that were woken since their last poll began.
    woken: Vec<bool>,
    changed: Vec<LaneId>,
}

impl<'a> Teller<'a> {
    pub fn new(timeline: &'a Timeline) -> Self {
        let lanes = timeline.lanes.len();
        Self {
            timeline,
            many: !threads(timeline).is_empty(),
            polls: vec![0; lanes],
            states: vec![""; lanes],
            woken: vec![false; lanes],
            changed: Vec::new(),
        }
    }

    pub fn tell(&mut self, moment: &Moment, rows: &Rows) -> Told {
        self.changed.clear();
        let mut said = Said::default();
        for event in moment.events(self.timeline) {
            self.count(event);
            if !matches!(event.what, What::Created | What::ResourcePoll { ready: false, .. }) {
                self.say_made(&mut said);
            }
            if let What::Dropped { .. } = event.what {
                said.waits.retain(|waits| *waits != event.lane);
            }
            if !self.is_drop_of_a_timer(event) {
                self.say_dropped(&mut said);
            }
            let sentence = self.sentence(event, &mut said);
            said.sentences.extend(sentence);
        }
        self.say_made(&mut said);
        self.say_dropped(&mut said);
        if !said.waits.is_empty() {
            let verb = if said.waits.len() == 1 { "is" } else { "are" };
            let sentence = format!("{} {verb} not ready yet.", self.places(&said.waits));
            said.sentences.push(sentence);
        }
        let text = said.sentences.join(" ");
        let text = match moment.after {
            Some(after) => format!("{} later: {text}", time(after)),
            None => text,
        };
        self.changed.sort();
        self.changed.dedup();
        let states = self.changed.iter().filter_map(|&lane| self.state(lane, rows)).collect();
        Told { text, states }
    }

    fn state(&self, lane: LaneId, rows: &Rows) -> Option<(usize, &'static str)> {
        Some((rows.of_lane(lane)?, self.states[lane.0 as usize]))
    }

    /// Brings the polls and the states up to date.
    fn count(&mut self, event: &Event) {
        let lane = event.lane.0 as usize;
        let is_resource = matches!(self.timeline.lane(event.lane).kind, Kind::Resource(_));
        let state = match event.what {
            What::Created if is_resource => "there",
            What::Created => "new",
            What::PollStart => {
                self.polls[lane] += 1;
                self.woken[lane] = false;
                self.states[event.worker.0 as usize] = "awake";
                self.changed.push(event.worker);
                "polled"
            }
            What::PollEnd { outcome: Outcome::Pending, .. } if self.woken[lane] => "woken",
            What::PollEnd { outcome: Outcome::Pending, .. } => "waiting",
            What::PollEnd { outcome: Outcome::Ready, .. } => "ready",
            What::PollEnd { outcome: Outcome::Panicked, .. } => "panicked",
            What::Wake { .. } => {
                self.woken[lane] = true;
                if self.states[lane] != "waiting" {
                    return;
                }
                "woken"
            }
            What::Acquired { .. } => "held",
            What::Released { .. } => "free",
            What::Dropped { finished: false } => "cancelled",
            What::Dropped { .. } if is_resource => "gone",
            What::Dropped { .. } => return,
            What::Parked => "asleep",
            What::Unparked => "awake",
            What::WakerCloned | What::WakerDropped | What::ResourcePoll { .. } => return,
        };
        self.states[lane] = state;
        self.changed.push(event.lane);
    }

    fn sentence(&self, event: &Event, said: &mut Said) -> Option<String> {
        let lane = self.timeline.lane(event.lane);
        let own = name(lane);
        Some(match event.what {
            What::Created => return self.created(event.lane, said),
            What::PollStart => {
                said.about = Some(event.lane);
                self.polled(event)
            }
            What::PollEnd { outcome, .. } => self.poll_ended(event.lane, outcome, said),
            What::Wake { by, inferred } => {
                let woken = woken(self.timeline, event.lane, by);
                format!("{woken}{}.", if inferred { ", as its next poll shows" } else { "" })
            }
            What::ResourcePoll { on, ready } => return self.answered(on, ready, said),
            What::Acquired { holder } => {
                let holder_name = name(self.timeline.lane(holder));
                format!("{} has {own} now.", said.subject(holder, &holder_name))
            }
            What::Released { .. } => format!("{own} is free again."),
            What::Dropped { finished: false } if is_timer(lane.kind) => {
                said.dropped.push(event.lane);
                return None;
            }
            What::Dropped { finished: false } => {
                format!("{own} is dropped before it is ready: it is cancelled.")
            }
            What::Dropped { .. } if said.sentences.is_empty() => format!("{own} is dropped."),
            What::Dropped { .. } => return None,
            What::WakerCloned => format!("A waker of {own} is kept."),
            What::WakerDropped => format!("A waker of {own} is dropped, and has not woken it."),
            What::Parked => format!("{own} has nothing to do and sleeps."),
            What::Unparked => format!("{own} wakes up."),
        })
    }

    fn poll_ended(&self, lane: LaneId, outcome: Outcome, said: &mut Said) -> String {
        let it = said.subject(lane, &name(self.timeline.lane(lane)));
        if outcome == Outcome::Panicked {
            said.waits.clear();
            return format!("{it} panics.");
        }
        said.about = Some(lane);
        if outcome == Outcome::Ready {
            said.waits.clear();
            return format!("{it} is ready.");
        }
        match self.waits_for(lane, said) {
            Some(what) => format!("{it} returns `Pending`: it waits for {what}."),
            None => format!("{it} returns `Pending`."),
        }
    }

    /// Says that it was ready. If it was not, notes it for the sentence that says who waits for it.
    fn answered(&self, on: LaneId, ready: bool, said: &mut Said) -> Option<String> {
        if !ready {
            if !said.waits.contains(&on) {
                said.waits.push(on);
            }
            return None;
        }
        let on = self.timeline.lane(on);
        said.about = None;
        Some(format!("{} {}.", name(on), is_ready(on.kind)))
    }

    /// The names of lanes, each with its place.
    fn places(&self, lanes: &[LaneId]) -> String {
        let lanes = lanes.iter().map(|lane| self.timeline.lane(*lane));
        list(&lanes.map(|lane| format!("{}{}", name(lane), at(lane))).collect::<Vec<_>>())
    }

    fn polled(&self, event: &Event) -> String {
        let lane = self.timeline.lane(event.lane);
        let (own, number) = (name(lane), self.polls[event.lane.0 as usize]);
        let thread = name(self.timeline.lane(event.worker));
        let parent = lane.parent.map(|parent| name(self.timeline.lane(parent)));
        match (lane.kind, parent) {
            (Kind::Closure, _) => format!("{own} runs on {thread}."),
            (Kind::Future, Some(parent)) if number == 1 => {
                format!("{own} is polled {}, as part of {parent}.", times(number))
            }
            _ if self.many => format!("{own} is polled {} on {thread}.", times(number)),
            _ => format!("{own} is polled {}.", times(number)),
        }
    }

    /// Returns what was asked in this poll and was not ready, or else the futures within that wait.
    fn waits_for(&self, lane: LaneId, said: &mut Said) -> Option<String> {
        let asked = std::mem::take(&mut said.waits);
        if !asked.is_empty() {
            return Some(self.places(&asked));
        }
        let waits = |id: LaneId| matches!(self.states[id.0 as usize], "waiting" | "woken");
        let within = self.timeline.lanes.iter();
        let within = within.filter(|it| it.parent == Some(lane) && it.kind == Kind::Future);
        let names: Vec<_> = within.filter(|it| waits(it.id)).map(name).collect();
        (!names.is_empty()).then(|| list(&names))
    }
}
