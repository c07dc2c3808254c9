//! Tells which lane has which lock.

use super::super::rows::{Action, Line, Mark, Style, plain};
use super::super::words;
use super::{Spot, Story};
use crate::model::{By, Event, LaneId, What};

impl Story<'_> {
    pub(super) fn acquired(&mut self, event: &Event, holder: LaneId, current: Option<LaneId>) {
        let lock = event.lane;
        self.holders.entry(lock).or_default().push(holder);
        let action = Action::new(words::takes(self.timeline.lane(lock)))
            .mark(lock, Mark::Held, Line::Held)
            .link(holder, lock, Style::Heavy);
        let action = self.place(action, lock);
        self.act(event, current.unwrap_or(holder), action);
    }

    pub(super) fn released(
        &mut self,
        event: &Event,
        holder: Option<LaneId>,
        current: Option<LaneId>,
    ) {
        let lock = event.lane;
        let holders = self.holders.entry(lock).or_default();
        if let Some(index) = holders.iter().position(|it| Some(*it) == holder) {
            holders.remove(index);
        }
        let is_held = !holders.is_empty();
        let doer = current.or(holder).unwrap_or(lock);
        if let Some(taker) = self.next_taker(lock) {
            return self.given(event, doer, taker);
        }
        let (mark, line) =
            if is_held { (Mark::Held, Line::Held) } else { (Mark::Free, Line::Free) };
        let action = Action::new(words::gives_back(self.timeline.lane(lock)));
        let action = action.mark(lock, mark, line).link(doer, lock, Style::Heavy);
        self.act(event, doer, action);
    }

    /// Returns who gets the lock in the next event.
    fn next_taker(&self, lock: LaneId) -> Option<LaneId> {
        match self.timeline.events.get(self.step + 1)? {
            Event { lane, what: What::Acquired { holder }, .. } if *lane == lock => Some(*holder),
            _ => None,
        }
    }

    /// If the event after that wakes the one who gets the lock, all three are one row.
    fn given(&mut self, event: &Event, doer: LaneId, taker: LaneId) {
        let lock = event.lane;
        let wakes = self.timeline.events.get(self.step + 2).is_some_and(|next| {
            let by = By::Lane(doer);
            next.lane == taker && matches!(next.what, What::Wake { by: its, .. } if its == by)
        });
        self.step += if wakes { 2 } else { 1 };
        self.holders.entry(lock).or_default().push(taker);
        let mut action = Action::new(words::gives(self.timeline.lane(lock), taker));
        if wakes {
            action.words.push(plain(" and wakes it"));
            action =
                action.mark(taker, Mark::Woken, Line::Runnable).link(doer, taker, Style::Heavy);
        }
        self.act(event, doer, action);
        if wakes {
            let is_shown = self.opened(doer).is_none_or(|open| open.is_shown);
            let spot = if is_shown { Spot::LastRow } else { Spot::Deferred(doer) };
            self.last_wake = Some((taker, spot));
        }
    }
}
