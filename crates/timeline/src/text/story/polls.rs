//! Polls, and what a lane waits for after one.

use super::super::rows::{Action, Line, Mark, Style, Word, plain};
use super::super::words;
use super::{Open, Story};
use crate::model::{Event, LaneId, Outcome};

impl Story<'_> {
    pub(super) fn poll_starts(&mut self, event: &Event, parent: Option<LaneId>) {
        if let Some(parent) = parent.and_then(|parent| self.opened(parent)) {
            parent.is_parent = true;
        }
        self.open.push(Open {
            lane: event.lane,
            worker: event.worker,
            parent,
            started: (event.at, self.step),
            is_shown: false,
            deferred: None,
            waits: Vec::new(),
            is_woken: false,
            keeps_waker: false,
            is_parent: false,
        });
    }

    pub(super) fn asks(&mut self, lane: LaneId, on: LaneId, ready: bool) {
        if let Some(open) = self.opened(lane) {
            open.waits.retain(|waits| *waits != on);
            if !ready {
                open.waits.push(on);
            }
        }
    }

    pub(super) fn poll_ends(&mut self, event: &Event, outcome: Outcome) {
        let lane = event.lane;
        let has_links = |open: &Open| open.deferred.is_some() && self.is_linked(&open.waits);
        let is_split = self.open.iter().any(|open| open.lane == lane && has_links(open));
        self.flush((!is_split).then_some(lane));
        let Some(index) = self.open.iter().position(|open| open.lane == lane) else { return };
        let open = self.open.remove(index);
        let (mark, line) = match outcome {
            Outcome::Pending if open.is_woken => (Mark::Pending, Line::Runnable),
            Outcome::Pending => (Mark::Pending, Line::Waiting),
            Outcome::Ready => (Mark::Ready, Line::Gone),
            Outcome::Panicked => (Mark::Panicked, Line::Gone),
        };
        let mut action = Action::new([Word::Lane(lane)]).mark(lane, mark, line);
        if !open.is_shown {
            action.words.push(plain(" is polled"));
            action = self.place(action, lane);
            action.links.extend(self.poll_link(lane, open.parent));
            if let Some((mut deferred, _)) = open.deferred {
                deferred.words.insert(0, plain(", "));
                action.add(deferred);
            }
        }
        action.words.push(plain(words::outcome(outcome, open.is_shown)));
        if outcome == Outcome::Pending && !open.is_woken {
            action = self.waits(action, lane, &open.waits);
            if open.keeps_waker && open.waits.is_empty() && !open.is_parent {
                action.words.push(plain(", its waker is kept"));
            }
        }
        let at = if open.is_shown { event.at } else { open.started.0 };
        self.push(action.at(at, self.step));
        self.last_end = (outcome != Outcome::Pending).then_some(lane);
    }

    /// Tells whether a line would lead to what is waited for.
    pub(super) fn is_linked(&self, waits: &[LaneId]) -> bool {
        waits.iter().any(|on| !words::is_timer(self.kind(*on)) || self.is_new(*on))
    }

    pub(super) fn is_new(&self, lane: LaneId) -> bool {
        matches!(self.lines.get(&lane), None | Some(Line::Gone))
    }

    pub(super) fn waits(&mut self, mut action: Action, lane: LaneId, on: &[LaneId]) -> Action {
        let told = self.counted(on);
        for (index, (times, on)) in told.iter().enumerate() {
            action.words.push(plain(match index {
                0 => ", waits for ",
                _ if index + 1 == told.len() => " and ",
                _ => ", ",
            }));
            action.words.extend((*times > 1).then(|| plain(&format!("{times} × "))));
            let holders = self.holders.get(on).map(Vec::as_slice).unwrap_or_default();
            action.words.extend(words::wish(self.timeline.lane(*on), holders));
        }
        for on in on {
            if self.is_linked(&[*on]) {
                action = action.link(lane, *on, Style::Light);
            }
            let is_held = self.holders.get(on).is_some_and(|holders| !holders.is_empty());
            action = match words::is_timer(self.kind(*on)) {
                true if self.is_new(*on) => action.mark(*on, Mark::Timer, Line::Timer),
                true => action,
                false if is_held => action.mark(*on, Mark::Held, Line::Held),
                false => action.mark(*on, Mark::Free, Line::Free),
            };
            action = self.place(action, *on);
        }
        action
    }

    /// Timers that look the same are told once, with their number.
    fn counted(&self, on: &[LaneId]) -> Vec<(usize, LaneId)> {
        let looks = |lane: LaneId| {
            let lane = self.timeline.lane(lane);
            words::is_timer(lane.kind).then_some((&lane.name, &lane.location))
        };
        let mut counted: Vec<(usize, LaneId)> = Vec::new();
        for on in on {
            let same = |(_, first): &&mut (usize, LaneId)| {
                looks(*on).is_some() && looks(*first) == looks(*on)
            };
            match counted.iter_mut().find(same) {
                Some((times, _)) => *times += 1,
                None => counted.push((1, *on)),
            }
        }
        counted
    }
}
