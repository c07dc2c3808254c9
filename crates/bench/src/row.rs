//! A row of the table, as it is known before it is measured.

use crate::measure::Ready;
use crate::workloads::{Figures, GROUPS};

pub struct Group {
    pub title: &'static str,
    pub rows: &'static [Row],
}

pub struct Row {
    pub name: &'static str,
    /// The sentence of the README that says what is measured.
    pub what: &'static str,
    /// Why it is as it is. Needed where a peer is faster.
    pub note: &'static str,
    /// The least ratio of Tokio's time to tiny-runtime's, before the tolerance: with the system's allocator, and with
    /// mimalloc.
    pub reach: [f64; 2],
    /// By how much of it the ratio may be lower before `--check` fails.
    pub tolerance: f64,
    /// Descriptors that a process must be able to have.
    pub files: u64,
    pub measured: Measured,
}

pub enum Measured {
    /// The time of an operation: the contenders take turns in one process.
    InTurn(fn() -> Vec<Ready>),
    /// Two figures from a process for each contender: what one has allocated would be there for the next.
    AtRest { units: [&'static str; 2], contenders: fn() -> Vec<(&'static str, Figures)> },
}

pub const fn row(
    name: &'static str,
    what: &'static str,
    reach: [f64; 2],
    contenders: fn() -> Vec<Ready>,
) -> Row {
    let measured = Measured::InTurn(contenders);
    Row { name, what, note: "", reach, tolerance: 0.1, files: 0, measured }
}

impl Row {
    pub const fn at_rest(
        name: &'static str,
        what: &'static str,
        units: [&'static str; 2],
        contenders: fn() -> Vec<(&'static str, Figures)>,
    ) -> Self {
        let measured = Measured::AtRest { units, contenders };
        Self { name, what, note: "", reach: [1.0, 1.0], tolerance: 0.1, files: 0, measured }
    }

    pub const fn note(mut self, note: &'static str) -> Self {
        self.note = note;
        self
    }

    /// It varies by a third between two runs.
    pub const fn noisy(mut self) -> Self {
        self.tolerance = 0.35;
        self
    }

    pub const fn files(mut self, files: u64) -> Self {
        self.files = files;
        self
    }

    /// Returns the limit below which the ratio may not be.
    pub fn limit(&self, allocator: usize) -> f64 {
        self.reach[allocator] * (1.0 - self.tolerance)
    }
}

pub fn rows() -> impl Iterator<Item = &'static Row> {
    GROUPS.iter().flat_map(|group| group.rows)
}
