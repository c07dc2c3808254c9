//! Says which lanes are made, and which are dropped before their time.

use super::names::{at, list, name};
use super::said::Said;
use super::teller::Teller;
use super::wakes::is_timer;
use crate::model::{Event, Kind, LaneId, What};

impl Teller<'_> {
    pub(super) fn created(&self, id: LaneId, said: &mut Said) -> Option<String> {
        let lane = self.timeline.lane(id);
        let (own, at) = (name(lane), at(lane));
        let by = lane.parent.map(|parent| {
            let parent_name = name(self.timeline.lane(parent));
            said.subject(parent, &parent_name)
        });
        Some(match (lane.kind, by) {
            (Kind::Worker, _) => return None,
            (Kind::Root, _) => format!("The runtime starts with {own}{at}."),
            (Kind::Task, Some(by)) => format!("{by} spawns {own}{at}."),
            (Kind::Task, None) => format!("{own} is spawned{at}."),
            (Kind::Closure, Some(by)) => format!("{by} gives {own} to the blocking pool{at}."),
            (Kind::Closure, None) => format!("The blocking pool gets {own}{at}."),
            (Kind::Resource(_), None) => format!("{own} is made{at}."),
            (Kind::Future, None) => format!("{own} is made{at}."),
            (Kind::Future | Kind::Resource(_), Some(_)) => {
                said.made.push(id);
                return None;
            }
        })
    }

    /// Says what was made since the last call. Another sentence names the place, with what waits for it. Leaves
    /// out a future that has been polled: its first poll says enough.
    pub(super) fn say_made(&self, said: &mut Said) {
        let made = std::mem::take(&mut said.made);
        let new: Vec<_> = made.iter().filter(|lane| self.polls[lane.0 as usize] == 0).collect();
        let Some(maker) = new.first().and_then(|lane| self.timeline.lane(**lane).parent) else {
            return;
        };
        let names: Vec<_> = new.iter().map(|lane| name(self.timeline.lane(**lane))).collect();
        let subject = said.subject(maker, &name(self.timeline.lane(maker)));
        said.sentences.push(format!("{subject} makes {}.", list(&names)));
        said.about = Some(maker);
    }

    pub(super) fn is_drop_of_a_timer(&self, event: &Event) -> bool {
        let is_unfinished = event.what == What::Dropped { finished: false };
        is_unfinished && is_timer(self.timeline.lane(event.lane).kind)
    }

    pub(super) fn say_dropped(&self, said: &mut Said) {
        let dropped = std::mem::take(&mut said.dropped);
        let names: Vec<_> = dropped.iter().map(|lane| name(self.timeline.lane(*lane))).collect();
        said.sentences.extend(match &names[..] {
            [] => None,
            [own] => Some(format!("{own} is dropped before it is over.")),
            all => Some(format!("{} are dropped before they are over.", list(all))),
        });
    }
}
