//! Which lane stands in which column. A column whose lane has ended is used again.

use super::rows::{Line, Row};
use crate::model::LaneId;
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap};

/// A lane that is shown from one row to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Life {
    lane: LaneId,
    from: usize,
    until: usize,
    /// The lane that it hangs on: it stands to the right of it.
    beside: Option<LaneId>,
    column: usize,
}

#[derive(Debug)]
pub(super) struct Columns {
    /// In the order in which they begin.
    lives: HashMap<LaneId, Vec<Life>>,
    pub count: usize,
}

impl Columns {
    pub(super) fn of(rows: &[Row]) -> Columns {
        let mut columns = Columns { lives: HashMap::new(), count: 0 };
        // Columns that nothing stands in, and for each of the others the last row in which it is taken.
        let mut free = BTreeSet::new();
        let mut taken = BinaryHeap::new();
        for mut life in lives(rows) {
            let beside = life.beside.and_then(|lane| columns.column(lane, life.from));
            let first = beside.map_or(0, |column| column + 1);
            while let Some(Reverse((until, column))) = taken.peek().copied()
                && until < life.from
            {
                taken.pop();
                free.insert(column);
            }
            life.column = free.range(first..).next().copied().unwrap_or(columns.count);
            free.remove(&life.column);
            columns.count = columns.count.max(life.column + 1);
            taken.push(Reverse((life.until, life.column)));
            columns.lives.entry(life.lane).or_default().push(life);
        }
        columns
    }

    /// Returns the column of a lane in a row, if it is shown there.
    pub(super) fn column(&self, lane: LaneId, row: usize) -> Option<usize> {
        let lives = self.lives.get(&lane)?;
        let next = lives.partition_point(|life| life.from <= row);
        let life = lives[..next].last().filter(|life| row <= life.until)?;
        Some(life.column)
    }

    /// Tells whether a lane ever stands in this column, or to the right of it.
    pub(super) fn reaches(&self, lane: LaneId, column: usize) -> bool {
        self.lives.get(&lane).is_some_and(|lives| lives.iter().any(|life| life.column >= column))
    }
}

/// A lane lives from the row that marks it first to the row after which it is gone.
fn lives(rows: &[Row]) -> Vec<Life> {
    let mut lives: Vec<Life> = Vec::new();
    let mut open: HashMap<LaneId, usize> = HashMap::new();
    for (index, row) in rows.iter().enumerate() {
        for (lane, _) in &row.action.marks {
            open.entry(*lane).or_insert_with(|| {
                let link = row.action.links.iter().find(|link| link.to == *lane);
                let beside = link.map(|link| link.from);
                let life = Life { lane: *lane, from: index, until: rows.len(), beside, column: 0 };
                lives.push(life);
                lives.len() - 1
            });
        }
        for (lane, line) in &row.action.after {
            if let (Line::Gone, Some(life)) = (line, open.get(lane)) {
                lives[*life].until = index;
                open.remove(lane);
            }
        }
    }
    lives
}
