//! Draws the plot: what happened in each row, moment by moment.

mod bars;
mod legend;
mod signs;

pub(crate) use legend::legend;
pub(crate) use signs::samples::finding;

use super::Picture;
use super::rows::Who;
use super::text::clean;
use super::words::{file_and_line, plain_name};
use crate::model::Kind;
use crate::text::time;
use maud::{Markup, html};

/// The height of a row.
pub(crate) const ROW: i32 = 34;
/// Above the first row: the times.
pub(crate) const RULER: i32 = 24;

/// The middle of a row.
fn level(row: usize) -> i32 {
    RULER + row as i32 * ROW + ROW / 2
}

impl Picture<'_> {
    pub fn width(&self) -> i32 {
        self.columns.width
    }

    pub fn height(&self) -> i32 {
        RULER + self.rows.all.len() as i32 * ROW
    }

    /// All but its labels.
    pub fn plot(&self) -> Markup {
        html! {
            (self.ground())
            (self.bars())
            (self.signs())
            (self.marks())
        }
    }

    /// Over the plot, what happens in each moment: a browser shows it under the mouse.
    pub fn told(&self) -> Markup {
        html! {
            @for (at, told) in self.told.iter().enumerate() {
                @let (from, to) = self.columns.span(at);
                rect .tl-moment data-step=(at) x=(from) y="0" width=(to - from) height=(self.height()) {
                    title { (told.text.replace('`', "")) }
                }
            }
        }
    }

    /// The waits with the times after them, and every other task shaded.
    fn ground(&self) -> Markup {
        let (width, height) = (self.width(), self.height());
        html! {
            @for (top, rows) in self.shaded() {
                rect .tl-shade x="0" y=(RULER + top * ROW) width=(width) height=(rows * ROW) {}
            }
            @for gap in &self.columns.gaps {
                rect .tl-gap x=(gap.from) y=(RULER) width=(gap.to - gap.from) height=(height - RULER) {
                    title { (time(gap.took)) " pass" }
                }
            }
            @for (at, now) in &self.columns.times {
                text x=(at) y=(RULER - 8) { (now) }
                line .tl-border x1=(at) x2=(at) y1=(RULER - 4) y2=(height) {}
            }
        }
    }

    /// Every second task, with the rows of what it is made of: the first and their number.
    pub(crate) fn shaded(&self) -> Vec<(i32, i32)> {
        let rows = &self.rows.all;
        let tops = (0..rows.len()).filter(|&row| rows[row].depth == 0);
        let tops: Vec<_> = tops.chain([rows.len()]).collect();
        let tasks = tops.windows(2).map(|two| (two[0] as i32, (two[1] - two[0]) as i32));
        tasks.skip(1).step_by(2).collect()
    }

    /// Returns the name of a row, and where its lanes are made.
    pub(crate) fn label(&self, row: usize) -> (String, Option<String>) {
        let lanes = match &self.rows.all[row].who {
            Who::Runtime => return ("Tokio".to_string(), None),
            Who::Thread => return ("a thread".to_string(), None),
            Who::Lanes(lanes) => lanes,
        };
        let first = self.timeline.lane(lanes[0]);
        let is_shared = lanes.iter().any(|lane| self.timeline.lane(*lane).name != first.name);
        let name = match first.kind {
            Kind::Resource(_) if is_shared => {
                clean(first.name.split(' ').next().unwrap_or_default())
            }
            _ => plain_name(first),
        };
        (name, first.location.as_ref().map(file_and_line))
    }
}
