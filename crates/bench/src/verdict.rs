//! Says which rows are not what the README promises.

use crate::allocator;
use crate::figures::Figures;
use crate::row::rows;
use crate::table::{reaches, times};
use std::process::ExitCode;

pub fn check(figures: &[Figures]) -> ExitCode {
    let mut missed = 0;
    for figures in figures {
        for measured in &figures.rows {
            let Some(row) = rows().find(|row| row.name == measured.row) else { continue };
            if !reaches(row, measured, figures.allocator) {
                let ratio = measured.ratio("tokio").map_or(f64::NAN, |ratio| ratio.median);
                eprintln!(
                    "{} with {}: Tokio's time is {} times tiny-runtime's, and {} − {:.0} % is promised",
                    measured.row,
                    allocator::NAMES[figures.allocator],
                    times(ratio),
                    row.reach[figures.allocator],
                    row.tolerance * 100.0,
                );
                missed += 1;
            }
        }
    }
    match missed {
        0 => {
            eprintln!("every row reaches what the README promises");
            ExitCode::SUCCESS
        }
        _ => ExitCode::FAILURE,
    }
}
