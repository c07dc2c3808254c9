//! The figures of a run, and the file in which they are kept.

use crate::allocator;
use crate::measure::Spread;
use serde::{Deserialize, Serialize};
use std::fs;

/// With one allocator.
#[derive(Serialize, Deserialize)]
pub struct Figures {
    /// The index in [`allocator::NAMES`].
    pub allocator: usize,
    pub rows: Vec<Measured>,
}

#[derive(Serialize, Deserialize)]
pub struct Measured {
    pub row: String,
    /// Of what is at rest. Nanoseconds, if it is empty.
    pub unit: String,
    pub cells: Vec<Cell>,
}

/// A contender's medians.
#[derive(Serialize, Deserialize)]
pub struct Cell {
    pub column: String,
    /// Of one operation.
    pub time: f64,
    /// Of all threads of the process, for one operation.
    pub cpu: f64,
    /// Its time divided by tiny-runtime's, measured in the same round. None without tiny-runtime.
    pub ratio: Option<Spread>,
    pub cpu_ratio: Option<Spread>,
}

/// Columns that are no peers: itself, another version, Tokio with its own ratio, no runtime, another interface.
const NO_PEERS: [&str; 5] = ["tiny", "beside", "tokio", "floor", "compio"];

impl Measured {
    pub fn cell(&self, column: &str) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.column == column)
    }

    /// Returns the time of a column divided by tiny-runtime's.
    pub fn ratio(&self, column: &str) -> Option<Spread> {
        self.cell(column)?.ratio
    }

    /// Returns the fastest peer beside Tokio, and its ratio.
    pub fn best_peer(&self) -> Option<(&str, f64)> {
        let peers = self.cells.iter().filter(|cell| !NO_PEERS.contains(&&*cell.column));
        let ratios = peers.filter_map(|cell| Some((&*cell.column, cell.ratio?.median)));
        ratios.min_by(|(_, one), (_, other)| one.total_cmp(other))
    }
}

impl Figures {
    pub fn save(&self, path: &str) -> Result<(), String> {
        let text = serde_json::to_string(self).expect("numbers and names");
        fs::write(path, text).map_err(|error| format!("{path}: {error}"))
    }

    pub fn read(path: &str) -> Result<Self, String> {
        let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
        let figures: Self =
            serde_json::from_str(&text).map_err(|error| format!("{path}: {error}"))?;
        match figures.allocator < allocator::NAMES.len() {
            true => Ok(figures),
            false => Err(format!("{path}: there is no allocator {}", figures.allocator)),
        }
    }
}
