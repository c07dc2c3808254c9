//! Tells which lane wakes which.

use super::super::rows::{Action, Line, Mark, Style, Word, plain};
use super::super::words;
use super::{Open, Spot, Story};
use crate::model::{By, Event, LaneId};

impl Story<'_> {
    pub(super) fn wake(&mut self, event: &Event, by: By, inferred: bool) {
        let lane = event.lane;
        let line = self.lines.get(&lane).copied().unwrap_or(Line::Gone);
        let is_open = self.opened(lane).map(|open| open.is_woken = true).is_some();
        if line == Line::Gone && !is_open {
            return;
        }
        // In its poll it stays.
        let mark = |action: Action, mark| match is_open {
            true => action.mark_only(lane, mark),
            false => action.mark(lane, mark, Line::Runnable),
        };
        let verb = if inferred { "probably wakes " } else { "wakes " };
        let By::Lane(from) = by else {
            self.flush(None);
            let subject = if by == By::Runtime { "Tokio " } else { "another thread " };
            let action = Action::new([plain(subject), plain(verb), Word::Lane(lane)]);
            self.push(mark(action, Mark::Woken).at(event.at, self.step));
            self.last_wake = Some((lane, Spot::LastRow));
            return;
        };
        if from == lane {
            let action = Action::new([plain(verb), plain("itself")]);
            return self.act(event, lane, mark(action, Mark::WokenByItself));
        }
        let action = Action::new([plain(verb), Word::Lane(lane)]).link(from, lane, Style::Heavy);
        let action = mark(action, Mark::Woken);
        self.wake_by(event, from, action);
    }

    fn wake_by(&mut self, event: &Event, from: LaneId, mut action: Action) {
        let lane = event.lane;
        let is_polled = self.opened(from).is_some();
        match self.last_wake {
            Some((woken, spot)) if woken == from && !is_polled => {
                action.words.insert(0, plain(", which "));
                self.append(spot, action);
                self.last_wake = Some((lane, spot));
            }
            _ if is_polled => {
                self.act(event, from, action);
                let is_shown = self.opened(from).is_some_and(|open| open.is_shown);
                let spot = if is_shown { Spot::LastRow } else { Spot::Deferred(from) };
                self.last_wake = Some((lane, spot));
            }
            _ if self.last_end == Some(from) => {
                action.words.insert(0, plain(", "));
                self.append(Spot::LastRow, action);
            }
            _ => {
                self.flush(None);
                self.wake_from_outside(event, from, action);
                self.last_wake = Some((lane, Spot::LastRow));
            }
        }
    }

    /// Adds to what is told already.
    pub(super) fn append(&mut self, spot: Spot, action: Action) {
        self.lines.extend(action.after.iter().copied());
        if let Spot::Deferred(doer) = spot
            && let Some(Open { deferred: Some((deferred, _)), .. }) = self.opened(doer)
        {
            deferred.add(action);
        } else if let Some(row) = self.rows.last_mut() {
            row.action.add(action);
        }
    }

    /// The wake comes from a timer, or from a lane that is not in its poll.
    fn wake_from_outside(&mut self, event: &Event, from: LaneId, mut action: Action) {
        let is_timer = words::is_timer(self.kind(from));
        let (mark, after) = match is_timer {
            true => (Mark::Timer, Line::Gone),
            false => (Mark::Ended, self.lines.get(&from).copied().unwrap_or(Line::Gone)),
        };
        action.words.splice(0..0, [Word::Lane(from), plain(" ")]);
        for link in action.links.iter_mut().filter(|_| is_timer) {
            link.style = Style::Light;
        }
        let action = self.place(action.mark(from, mark, after), from);
        self.push(action.at(event.at, self.step));
    }
}
