//! A run as a picture: rows for lanes, a column for each moment. SVG and HTML draw it.

mod columns;
mod moments;
mod paint;
mod palette;
mod rows;
mod text;
mod words;

pub(crate) use paint::{ROW, RULER, finding, legend};
pub(crate) use palette::{RULES, following, standing_alone};
pub(crate) use text::{count, letters, rich, width};

use crate::model::{ByLane, Ending, Timeline};
use crate::text::stalled;
use columns::Columns;
use moments::Moment;
use rows::Rows;
use words::Told;

/// Nobody reads on, and a browser would be slow.
pub(crate) const MOST_MOMENTS: usize = 5_000;

/// Where everything stands.
pub(crate) struct Picture<'a> {
    timeline: &'a Timeline,
    events: ByLane<'a>,
    rows: Rows,
    moments: Vec<Moment>,
    columns: Columns,
    told: Vec<Told>,
    /// The moments after the last one that is drawn.
    left_out: usize,
}

impl<'a> Picture<'a> {
    pub fn of(timeline: &'a Timeline) -> Self {
        Self::of_first(timeline, MOST_MOMENTS)
    }

    /// Draws so many moments, with the lanes that are there by then.
    pub fn of_first(timeline: &'a Timeline, most: usize) -> Self {
        let mut moments = moments::moments(timeline);
        let left_out = moments.len().saturating_sub(most);
        let end = moments.get(most).map_or(timeline.events.len(), Moment::first);
        moments.truncate(most);
        let rows = Rows::of(timeline, end);
        let columns = Columns::of(timeline, &moments, end);
        let told = words::tell(timeline, &rows, &moments);
        Self { timeline, events: ByLane::new(timeline), rows, moments, columns, told, left_out }
    }

    /// The moments as the page steps through them.
    pub fn steps(&self) -> impl Iterator<Item = Step<'_>> {
        self.moments.iter().zip(&self.told).enumerate().map(|(at, (moment, told))| {
            let (from, to) = self.columns.span(at);
            Step { from, to, row: self.rows.of_lane(moment.lane(self.timeline)), told }
        })
    }

    /// The moment of an event, if it is drawn.
    pub fn moment_of(&self, step: usize) -> Option<usize> {
        self.columns.moment(step)
    }

    /// How it ended, and what is not drawn, as sentences.
    pub fn end(&self) -> Vec<String> {
        let mut missing = match self.timeline.ending {
            Ending::Finished => Vec::new(),
            Ending::Stalled => vec![stalled(self.timeline)],
            Ending::CutOff => vec!["There the recording was cut off.".to_string()],
        };
        if self.left_out > 0 {
            missing.push(format!("{} later steps are not drawn.", count(self.left_out as u64)));
        }
        if self.rows.left_out > 0 {
            missing.push(format!("{} lanes are not drawn.", count(self.rows.left_out as u64)));
        }
        if self.timeline.events_dropped > 0 {
            let dropped = count(self.timeline.events_dropped);
            missing.push(format!("The buffer was full: {dropped} later events are not recorded."));
        }
        missing
    }

    pub fn rows(&self) -> impl Iterator<Item = &rows::Row> {
        self.rows.all.iter()
    }
}

/// A moment, as the page knows it.
pub(crate) struct Step<'a> {
    /// Its column.
    pub from: i32,
    pub to: i32,
    pub row: Option<usize>,
    pub told: &'a Told,
}
