//! Where each moment stands: one column each, and a gap where time passes.

use super::moments::Moment;
use super::text::width;
use crate::model::{Timeline, What};
use crate::text::time;
use std::time::Duration;

/// The width of a moment: a short run is drawn wide.
const COLUMN: std::ops::RangeInclusive<i32> = 18..=36;
/// Of a picture that a README shows without scaling.
const ROOM: i32 = 640;
/// The width of a wait, whatever it takes.
const GAP: i32 = 30;
/// Between the times above the picture.
const SPACE: i32 = 10;
const MARGIN: i32 = 8;

/// A wait that ends at `to`.
pub(super) struct Gap {
    pub from: i32,
    pub to: i32,
    pub took: Duration,
}

pub(super) struct Columns {
    column: i32,
    /// The left edge of each moment.
    left: Vec<i32>,
    pub gaps: Vec<Gap>,
    /// What the clock says, and where: at the start and after each gap.
    pub times: Vec<(i32, String)>,
    pub width: i32,
    /// The first step of each moment.
    first: Vec<usize>,
    /// The first step that is not drawn.
    end: usize,
}

impl Columns {
    pub fn of(timeline: &Timeline, moments: &[Moment], end: usize) -> Self {
        let room = ROOM / i32::try_from(moments.len().max(1)).unwrap_or(i32::MAX);
        let mut columns = Self {
            column: room.clamp(*COLUMN.start(), *COLUMN.end()),
            left: Vec::new(),
            gaps: Vec::new(),
            times: vec![(MARGIN, time(Duration::ZERO))],
            width: MARGIN,
            first: moments.iter().map(Moment::first).collect(),
            end,
        };
        for moment in moments {
            if let Some(took) = moment.after {
                columns.wait(took, timeline.events[moment.first()].at);
            }
            columns.left.push(columns.width);
            columns.width += columns.column;
        }
        columns.width += MARGIN;
        columns
    }

    /// The gap is so wide that what stands above it has room.
    fn wait(&mut self, took: Duration, now: Duration) {
        let (at, before) = &self.times[self.times.len() - 1];
        let to = (self.width + GAP).max(at + width(before) + SPACE);
        self.gaps.push(Gap { from: self.width, to, took });
        self.times.push((to, time(now)));
        self.width = to;
    }

    /// The edges of a moment.
    pub fn span(&self, moment: usize) -> (i32, i32) {
        (self.left[moment], self.left[moment] + self.column)
    }

    pub fn middle(&self, moment: usize) -> i32 {
        self.left[moment] + self.column / 2
    }

    /// The moment of a step, or the one before if it is in none. None beyond the picture.
    pub fn moment(&self, step: usize) -> Option<usize> {
        let after = self.first.partition_point(|first| *first <= step);
        (step < self.end && !self.first.is_empty()).then(|| after.saturating_sub(1))
    }

    /// Where a bar begins or ends that does so at `step`: a poll fills its column, all else happens
    /// in the middle of one.
    pub fn edge(&self, timeline: &Timeline, step: usize) -> i32 {
        let Some(moment) = self.moment(step) else {
            return self.width;
        };
        let (left, right) = self.span(moment);
        match timeline.events[step].what {
            What::PollStart => left + 1,
            What::PollEnd { .. } => right - 1,
            _ => self.middle(moment),
        }
    }
}
