//! The lines at the left of a drawing.

use super::columns::Columns;
use super::rows::{Line, Link, Mark, Row, Style};
use crate::model::LaneId;
use std::collections::HashMap;

/// A column of a row: what stands there, and what leads to the next column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    pub sign: char,
    pub gap: char,
    /// For the colours.
    pub lane: Option<LaneId>,
    pub gap_lane: Option<LaneId>,
}

const EMPTY: Cell = Cell { sign: ' ', gap: ' ', lane: None, gap_lane: None };

pub(super) struct Graph<'a> {
    columns: &'a Columns,
    lines: HashMap<LaneId, Line>,
}

impl<'a> Graph<'a> {
    pub(super) fn new(columns: &'a Columns) -> Graph<'a> {
        Graph { columns, lines: HashMap::new() }
    }

    /// Draws a row, and remembers how its lanes go on.
    pub(super) fn row(&mut self, index: usize, row: &Row) -> Vec<Cell> {
        let mut cells = self.lines(index);
        for link in &row.action.links {
            self.link(&mut cells, index, row, link);
        }
        for (lane, mark) in &row.action.marks {
            if let Some(column) = self.columns.column(*lane, index) {
                cells[column].sign = self.sign(index, row, *lane, *mark);
                cells[column].lane = Some(*lane);
            }
        }
        for (lane, line) in &row.action.after {
            match line {
                Line::Gone => _ = self.lines.remove(lane),
                line => _ = self.lines.insert(*lane, *line),
            }
        }
        cells
    }

    /// Draws what goes on, with nothing new: before row `index`.
    pub(super) fn lines(&self, index: usize) -> Vec<Cell> {
        let mut cells = vec![EMPTY; self.columns.count];
        for (lane, line) in &self.lines {
            if let Some(column) = self.columns.column(*lane, index) {
                cells[column].sign = sign_of(*line);
                cells[column].lane = Some(*lane);
            }
        }
        cells
    }

    fn link(&self, cells: &mut [Cell], index: usize, row: &Row, link: &Link) {
        let column = |lane| self.columns.column(lane, index);
        let (Some(from), Some(to)) = (column(link.from), column(link.to)) else { return };
        let (left, right) = (from.min(to), from.max(to));
        let fill = if link.style == Style::Heavy { '━' } else { '╌' };
        for cell in &mut cells[left..right] {
            cell.gap = fill;
            cell.gap_lane = Some(link.from);
        }
        for cell in &mut cells[left + 1..right] {
            cell.sign = crossed(cell.sign, link.style);
            if cell.sign == fill {
                cell.lane = Some(link.from);
            }
        }
        // A lane that is being polled branches off here.
        if !row.action.marks.iter().any(|(lane, _)| *lane == link.from) {
            cells[from].sign = match (cells[from].sign, from < to) {
                ('┃', true) => '┣',
                ('┃', false) => '┫',
                ('┣', false) | ('┫', true) => '╋',
                (sign, _) => sign,
            };
        }
    }

    fn sign(&self, index: usize, row: &Row, lane: LaneId, mark: Mark) -> char {
        let at = self.columns.column(lane, index);
        let other = |link: &Link| if link.to == lane { link.from } else { link.to };
        let mut links = row.action.links.iter().filter(|link| link.to == lane || link.from == lane);
        let is_left = links.next().map(|link| self.columns.column(other(link), index) < at);
        match (mark, is_left) {
            (Mark::Polled, None) => '╻',
            (Mark::Polled, Some(true)) => '┓',
            (Mark::Polled, Some(false)) => '┏',
            (Mark::Pending, _) => '○',
            (Mark::Ready, _) => '●',
            (Mark::Panicked, _) => '‼',
            (Mark::Dropped, _) => '×',
            (Mark::Spawned, None) => '╷',
            (Mark::Spawned, Some(true)) => '┑',
            (Mark::Spawned, Some(false)) => '┍',
            (Mark::Woken, None) => '▼',
            (Mark::Woken, Some(true)) => '▶',
            (Mark::Woken, Some(false)) => '◀',
            (Mark::WokenByItself, _) => '↻',
            (Mark::Ended, Some(false)) => '┗',
            (Mark::Ended, _) => '┛',
            (Mark::Timer, _) => '◷',
            (Mark::Held, _) => '◆',
            (Mark::Free, _) => '◇',
        }
    }
}

fn sign_of(line: Line) -> char {
    match line {
        Line::Gone => ' ',
        Line::Runnable => '│',
        Line::Waiting => '┊',
        Line::Polled => '┃',
        Line::Held => '║',
        Line::Free | Line::Timer => '╎',
    }
}

/// Returns the sign where a link crosses a line.
fn crossed(sign: char, style: Style) -> char {
    match (sign, style) {
        (' ', Style::Heavy) => '━',
        (' ', Style::Light) => '╌',
        ('│' | '┊' | '╎', Style::Heavy) => '┿',
        ('│' | '┊' | '╎', Style::Light) => '┼',
        ('┃', Style::Heavy) => '╋',
        ('┃', Style::Light) => '╂',
        ('║', _) => '╫',
        (other, _) => other,
    }
}
