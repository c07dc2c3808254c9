//! Tells the beginning and the end of a lane.

use super::super::rows::{Action, Line, Mark, Style, Word, plain};
use super::{Spot, Story};
use crate::model::{Event, Kind, LaneId};

impl Story<'_> {
    pub(super) fn created(&mut self, event: &Event, current: Option<LaneId>) {
        let lane = event.lane;
        let verb = match self.kind(lane) {
            Kind::Task => "spawns ",
            Kind::Closure => "starts ",
            _ => return,
        };
        match current {
            Some(parent) => {
                let action = Action::new([plain(verb), Word::Lane(lane)])
                    .mark(lane, Mark::Spawned, Line::Runnable)
                    .link(parent, lane, Style::Heavy);
                let action = self.place(action, lane);
                self.act(event, parent, action);
            }
            None => {
                self.flush(None);
                let action = Action::new([Word::Lane(lane), plain(" is spawned")]);
                let action = action.mark(lane, Mark::Spawned, Line::Runnable);
                let action = self.place(action, lane);
                self.push(action.at(event.at, self.step));
            }
        }
    }

    pub(super) fn dropped(&mut self, event: &Event, finished: bool, current: Option<LaneId>) {
        let lane = event.lane;
        for open in &mut self.open {
            open.waits.retain(|waits| *waits != lane);
        }
        if finished {
            return self.ended(event);
        }
        // It has panicked, or is a timer that has woken what waited for it.
        if self.lines.get(&lane) == Some(&Line::Gone) {
            return;
        }
        if let Some(spot) = self.drop_of_its_owner(lane) {
            return self.append(spot, Action::default().mark(lane, Mark::Dropped, Line::Gone));
        }
        self.tell_drop(event, current.filter(|current| *current != lane));
    }

    /// Tells which lane drops the one of the event, if one does, and that it has not finished.
    fn tell_drop(&mut self, event: &Event, doer: Option<LaneId>) {
        let lane = event.lane;
        let is_resource = matches!(self.kind(lane), Kind::Resource(_));
        let was = match self.lines.contains_key(&lane) || is_resource {
            true => "unfinished",
            false => "which was never polled",
        };
        match doer {
            Some(doer) => {
                let words = [plain("drops "), Word::Lane(lane), plain(", "), plain(was)];
                let action = Action::new(words).mark(lane, Mark::Dropped, Line::Gone).link(
                    doer,
                    lane,
                    Style::Heavy,
                );
                let action = self.place(action, lane);
                self.act(event, doer, action);
            }
            None => {
                self.flush(None);
                let action = Action::new([Word::Lane(lane), plain(" is dropped, "), plain(was)]);
                let action = action.mark(lane, Mark::Dropped, Line::Gone);
                let action = self.place(action, lane);
                self.push(action.at(event.at, self.step));
                self.last_end = Some(lane);
            }
        }
    }

    /// Its line ends here, without a word.
    fn ended(&mut self, event: &Event) {
        let lane = event.lane;
        if self.lines.get(&lane).is_none_or(|line| *line == Line::Gone) {
            return;
        }
        self.lines.insert(lane, Line::Gone);
        let end = Action { after: vec![(lane, Line::Gone)], ..Action::default() };
        match self.rows.last_mut() {
            Some(row) if self.open.iter().all(|open| open.is_shown) => row.action.add(end),
            _ => self.rows.push(end.at(event.at, self.step)),
        }
    }

    /// Returns where the drop of what made this lane, or waited for it, is told, if that was told last.
    fn drop_of_its_owner(&self, lane: LaneId) -> Option<Spot> {
        let made_by = self.timeline.lane(lane).parent;
        let owns = |(owner, mark): &(LaneId, Mark)| {
            let waited = || self.events.waits_for(*owner, self.step) == Some(lane);
            *mark == Mark::Dropped && (made_by == Some(*owner) || waited())
        };
        let is_its = |action: &Action| action.marks.iter().any(owns);
        let deferred =
            self.open.iter().find_map(|open| Some((open.lane, &open.deferred.as_ref()?.0)));
        match deferred {
            Some((doer, action)) if is_its(action) => Some(Spot::Deferred(doer)),
            _ => self.rows.last().filter(|row| is_its(&row.action)).map(|_| Spot::LastRow),
        }
    }
}
