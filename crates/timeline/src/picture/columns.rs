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
    /// The times of the clock, and their places: at the start and after each gap.
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

#[cfg(test)]
mod tests {
    use super::super::moments::moments;
    use super::*;

    fn columns(timeline: &Timeline) -> Columns {
        Columns::of(timeline, &moments(timeline), timeline.events.len())
    }

    #[test]
    fn a_wait_is_a_gap_with_the_time_after_it() {
        let timeline = Timeline::example();
        let columns = columns(&timeline);
        let gap = &columns.gaps[0];
        assert_eq!((columns.gaps.len(), gap.took), (1, Duration::from_millis(10)));
        assert_eq!(columns.times, [(MARGIN, "0 ms".to_string()), (gap.to, "10 ms".to_string())]);
        let spans: Vec<_> = (0..moments(&timeline).len()).map(|it| columns.span(it)).collect();
        for two in spans.windows(2) {
            let apart = two[1].0 - two[0].1;
            assert!(apart == 0 || apart == gap.to - gap.from, "{spans:?}");
        }
    }

    /// Each event after a wait of its own, at times that are long to read.
    #[test]
    fn the_times_above_the_picture_do_not_run_into_each_other() {
        let mut timeline = Timeline::example();
        for (event, number) in timeline.events.iter_mut().zip(0..) {
            event.at = Duration::from_micros(123_456_789) * number;
        }
        let columns = columns(&timeline);
        assert!(columns.times.len() > 10);
        for two in columns.times.windows(2) {
            assert!(two[0].0 + width(&two[0].1) < two[1].0, "{:?}", columns.times);
        }
    }

    #[test]
    fn a_poll_fills_its_column_and_a_wake_stands_in_the_middle_of_one() {
        let timeline = Timeline::example();
        let columns = columns(&timeline);
        let wake = timeline.wakes().next().unwrap().step;
        let moment = columns.moment(wake).unwrap();
        assert_eq!(columns.edge(&timeline, wake), columns.middle(moment));
        let start = timeline.events.iter().position(|it| it.what == What::PollStart).unwrap();
        let (left, right) = columns.span(columns.moment(start).unwrap());
        assert_eq!(columns.edge(&timeline, start), left + 1);
        let is_end = |it: &crate::model::Event| matches!(it.what, What::PollEnd { .. });
        let end = timeline.events.iter().position(is_end).unwrap();
        let (from, to) = columns.span(columns.moment(end).unwrap());
        assert_eq!(columns.edge(&timeline, end), to - 1);
        assert!(from >= right, "the first poll that ends is within the first");
        assert_eq!(columns.edge(&timeline, timeline.events.len()), columns.width);
    }
}
