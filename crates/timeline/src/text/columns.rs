//! Which lane stands in which column. A column whose lane has ended is used again.

use super::rows::{Line, Row};
use crate::model::LaneId;
use std::collections::HashMap;

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
    lives: Vec<Life>,
    pub count: usize,
}

impl Columns {
    pub(super) fn of(rows: &[Row]) -> Columns {
        let mut lives = lives(rows);
        // For each column, the row in which it becomes free.
        let mut taken: Vec<usize> = Vec::new();
        for index in 0..lives.len() {
            let Life { from, until, beside, .. } = lives[index];
            let beside = lives[..index]
                .iter()
                .rev()
                .find(|life| Some(life.lane) == beside && life.from <= from && from <= life.until);
            let first = beside.map_or(0, |life| life.column + 1);
            let free = (first..taken.len()).find(|column| taken[*column] < from);
            let column = free.unwrap_or_else(|| taken.len().max(first));
            taken.resize(taken.len().max(column + 1), 0);
            taken[column] = until;
            lives[index].column = column;
        }
        Columns { lives, count: taken.len() }
    }

    /// Returns the column of a lane in a row, if it is shown there.
    pub(super) fn column(&self, lane: LaneId, row: usize) -> Option<usize> {
        let life = self
            .lives
            .iter()
            .find(|life| life.lane == lane && life.from <= row && row <= life.until)?;
        Some(life.column)
    }
}

/// A lane lives from the row that marks it first to the row after which it is gone.
fn lives(rows: &[Row]) -> Vec<Life> {
    let mut lives: Vec<Life> = Vec::new();
    let mut open: HashMap<LaneId, usize> = HashMap::new();
    for (index, row) in rows.iter().enumerate() {
        for (lane, _) in &row.marks {
            open.entry(*lane).or_insert_with(|| {
                let link = row.links.iter().find(|link| link.to == *lane);
                let beside = link.map(|link| link.from);
                let life = Life { lane: *lane, from: index, until: rows.len(), beside, column: 0 };
                lives.push(life);
                lives.len() - 1
            });
        }
        for (lane, line) in &row.after {
            if let (Line::Gone, Some(life)) = (line, open.get(lane)) {
                lives[*life].until = index;
                open.remove(lane);
            }
        }
    }
    lives
}
