//! Which lane stands in which row: tasks in the order of their appearance, and below each what it
//! is made of.

use crate::model::{By, Event, Kind, Lane, LaneId, Timeline, What};
use crate::shifts::threads;

/// A picture that is higher is no picture.
const MOST: usize = 200;

/// The lanes of a row.
#[derive(Debug, PartialEq)]
pub(crate) enum Who {
    /// Of one kind, made by the same line, one after the other.
    Lanes(Vec<LaneId>),
    /// The row of all that wakes tasks from outside.
    Runtime,
    Thread,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Row {
    pub who: Who,
    /// How many lanes it is within.
    pub depth: usize,
}

pub(crate) struct Rows {
    pub all: Vec<Row>,
    /// By the index of the lane.
    of: Vec<Option<usize>>,
    /// How many lanes have no row since there are too many.
    pub left_out: usize,
}

impl Rows {
    /// Of the lanes that are there before the step `end`.
    pub fn of(timeline: &Timeline, end: usize) -> Self {
        let mut of = vec![None; timeline.lanes.len()];
        let mut all = Vec::new();
        for (who, by) in [(Who::Runtime, By::Runtime), (Who::Thread, By::Thread)] {
            if timeline.wakes().any(|arrow| arrow.by == by && arrow.step < end) {
                all.push(Row { who, depth: 0 });
            }
        }
        let family = Family::of(timeline, end);
        for lanes in family.tasks() {
            family.place(lanes, 0, &mut all, &mut of);
        }
        for lane in threads(timeline) {
            family.place(vec![lane], 0, &mut all, &mut of);
        }
        let is_left_out = |lane: LaneId| family.is_there(lane) && of[lane.0 as usize].is_none();
        let own = |lane: &&Lane| lane.kind != Kind::Worker && is_left_out(lane.id);
        let left_out = timeline.lanes.iter().filter(own).count();
        Self { all, of, left_out }
    }

    /// The row of a lane, if it is drawn.
    pub fn of_lane(&self, lane: LaneId) -> Option<usize> {
        self.of[lane.0 as usize]
    }

    /// The row from which a wake comes.
    pub fn of_waker(&self, by: By) -> Option<usize> {
        let is = |who: Who| self.all.iter().position(|row| row.who == who);
        match by {
            By::Lane(lane) => self.of_lane(lane),
            By::Runtime => is(Who::Runtime),
            By::Thread => is(Who::Thread),
        }
    }
}

/// The lane that each lane is within, and how long it lives.
struct Family<'a> {
    timeline: &'a Timeline,
    /// By the index of the parent.
    children: Vec<Vec<LaneId>>,
    /// The first and the last step of each lane.
    lives: Vec<(usize, usize)>,
    end: usize,
}

impl<'a> Family<'a> {
    fn of(timeline: &'a Timeline, end: usize) -> Self {
        let mut children = vec![Vec::new(); timeline.lanes.len()];
        for lane in timeline.lanes.iter().filter(|lane| is_within(timeline, lane)) {
            children[lane.parent.map_or(0, |parent| parent.0 as usize)].push(lane.id);
        }
        let mut lives = vec![(usize::MAX, usize::MAX); timeline.lanes.len()];
        for (step, Event { lane, what, .. }) in timeline.events.iter().enumerate() {
            let (first, last) = &mut lives[lane.0 as usize];
            *first = step.min(*first);
            if matches!(what, What::Dropped { .. }) {
                *last = step;
            }
        }
        Self { timeline, children, lives, end }
    }

    fn is_there(&self, lane: LaneId) -> bool {
        self.lives[lane.0 as usize].0 < self.end
    }

    /// Returns the lanes that are within nothing else, a row for each, but one for all closures.
    fn tasks(&self) -> Vec<Vec<LaneId>> {
        let lanes = self.timeline.lanes.iter();
        let top = lanes.filter(|it| it.kind != Kind::Worker && !is_within(self.timeline, it));
        self.shared(top.map(|lane| lane.id))
    }

    /// Those that can stand in the same row do.
    fn shared(&self, lanes: impl IntoIterator<Item = LaneId>) -> Vec<Vec<LaneId>> {
        let mut rows: Vec<Vec<LaneId>> = Vec::new();
        for id in lanes.into_iter().filter(|id| self.is_there(*id)) {
            // There may be a hundred thousand, each in a row of its own.
            if matches!(self.timeline.lane(id).kind, Kind::Root | Kind::Task) {
                rows.push(vec![id]);
                continue;
            }
            match rows.iter_mut().find(|row| self.follows(row[row.len() - 1], id)) {
                Some(row) => row.push(id),
                None => rows.push(vec![id]),
            }
        }
        rows
    }

    /// The same line has made `next` once `last` was gone.
    fn follows(&self, last: LaneId, next: LaneId) -> bool {
        let [old, new] = [last, next].map(|id| self.timeline.lane(id));
        let alike = match new.kind {
            Kind::Resource(_) => old.location == new.location,
            Kind::Future | Kind::Closure => old.name == new.name && old.location == new.location,
            _ => false,
        };
        alike
            && old.kind == new.kind
            && self.lives[last.0 as usize].1 < self.lives[next.0 as usize].0
    }

    fn place(
        &self,
        lanes: Vec<LaneId>,
        depth: usize,
        all: &mut Vec<Row>,
        of: &mut [Option<usize>],
    ) {
        if all.len() >= MOST {
            return;
        }
        for lane in &lanes {
            of[lane.0 as usize] = Some(all.len());
        }
        let children: Vec<_> =
            lanes.iter().flat_map(|lane| &self.children[lane.0 as usize]).copied().collect();
        all.push(Row { who: Who::Lanes(lanes), depth });
        for lanes in self.shared(children) {
            self.place(lanes, depth + 1, all, of);
        }
    }
}

/// A named future is within the task that polls it, and a resource within what has made it.
fn is_within(timeline: &Timeline, lane: &Lane) -> bool {
    let parent = lane.parent.map(|parent| timeline.lane(parent));
    matches!(lane.kind, Kind::Future | Kind::Resource(_))
        && parent.is_some_and(|it| it.kind != Kind::Worker && it.id < lane.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(timeline: &Timeline) -> Vec<(String, usize)> {
        let rows = Rows::of(timeline, timeline.events.len()).all;
        let name = |row: &Row| match &row.who {
            Who::Lanes(lanes) => timeline.lane(lanes[0]).name.clone(),
            who => format!("{who:?}"),
        };
        rows.iter().map(|row| (name(row), row.depth)).collect()
    }

    #[test]
    fn what_is_within_a_task_stands_below_it_and_what_it_spawns_after_it() {
        let rows = names(&Timeline::example());
        let rows: Vec<_> = rows.iter().map(|(name, depth)| (name.as_str(), *depth)).collect();
        assert_eq!(rows, [("main", 0), ("fetch", 1), ("Sleep 10 ms", 2), ("task 1", 0)]);
    }

    /// The example with more of it: `count` sleeps after each other, made by the same line, or at once.
    fn sleeps(count: u32, at_once: bool) -> Timeline {
        let mut timeline = Timeline::example();
        let is_sleep = |lane: &Lane| matches!(lane.kind, Kind::Resource(_));
        let sleep = timeline.lanes.iter().find(|lane| is_sleep(lane)).unwrap().clone();
        let end = timeline.events.pop().unwrap();
        let mut drops = Vec::new();
        for number in 0..count {
            let lane = LaneId(5 + number);
            timeline.lanes.push(Lane {
                id: lane,
                name: format!("Sleep {number} s"),
                ..sleep.clone()
            });
            timeline.events.push(Event { lane, what: What::Created, ..end.clone() });
            let drop = Event { lane, what: What::Dropped { finished: true }, ..end.clone() };
            if at_once { drops.push(drop) } else { timeline.events.push(drop) }
        }
        timeline.events.extend(drops);
        timeline.events.push(end);
        timeline
    }

    #[test]
    fn what_a_line_makes_again_and_again_stands_in_one_row() {
        let own = names(&Timeline::example()).len();
        assert_eq!(names(&sleeps(100, false)).len(), own);
        assert_eq!(names(&sleeps(3, true)).len(), own + 2, "two of three live beside another one");
    }

    #[test]
    fn more_rows_than_anybody_reads_are_counted() {
        let timeline = sleeps(300, true);
        let rows = Rows::of(&timeline, timeline.events.len());
        assert_eq!(rows.all.len(), MOST);
        let drawn: usize = rows.of.iter().flatten().count();
        assert_eq!(rows.left_out + drawn, 4 + 300);
    }
}
