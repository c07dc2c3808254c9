//! The drawing for a terminal.

mod columns;
mod fold;
mod graph;
mod layout;
mod legend;
mod notes;
mod paint;
mod rows;
mod story;
mod times;
mod words;
mod workers;

use crate::model::Timeline;
use paint::Painter;
use std::fmt;
use std::io::{self, Write as _};

#[cfg(feature = "files")]
pub(crate) use notes::{filled, stalled};
pub(crate) use times::time;

/// A timeline as text: its [`Display`](fmt::Display).
///
/// Two drawings are equal if their texts are. [`Debug`](fmt::Debug) is the text as well, so that a failed `assert_eq!` can be read.
#[derive(Clone)]
pub struct Drawing {
    pub timeline: Timeline,
    width: usize,
    is_colored: bool,
    has_legend: bool,
}

impl Drawing {
    /// Draws a timeline without colours, 80 columns wide.
    pub fn new(timeline: Timeline) -> Drawing {
        Drawing { timeline, width: 80, is_colored: false, has_legend: false }
    }

    /// Uses this many columns.
    pub fn width(self, width: usize) -> Drawing {
        Drawing { width, ..self }
    }

    /// Says below the drawing what the signs mean.
    pub fn with_legend(self) -> Drawing {
        Drawing { has_legend: true, ..self }
    }

    /// Prints the drawing, with a legend. A terminal gets its own width, and colours if it has them.
    pub fn print(&self) -> io::Result<()> {
        let width = terminal_size::terminal_size().map_or(self.width, |(width, _)| width.0.into());
        let drawing = self.clone().width(width).with_legend().colored();
        // Without a terminal, or with NO_COLOR, the escapes are taken away.
        write!(anstream::stdout(), "{drawing}")
    }

    /// Gives each lane a colour, by ANSI escapes.
    pub fn colored(self) -> Drawing {
        Drawing { is_colored: true, ..self }
    }
}

impl fmt::Display for Drawing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = story::rows(&self.timeline);
        let rows = layout::fitted(&self.timeline, rows, self.width);
        let painter = Painter { width: self.width, is_colored: self.is_colored };
        f.write_str(&layout::lines(&self.timeline, &rows, &painter))?;
        let workers = workers::workers(&self.timeline, self.width);
        if !workers.is_empty() {
            write!(f, "\n{workers}")?;
        }
        let notes = notes::notes(&self.timeline, &painter);
        if !notes.is_empty() {
            write!(f, "\n{notes}")?;
        }
        if self.has_legend {
            write!(f, "\n{}", legend::legend(&rows, self.width))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Drawing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}

impl PartialEq for Drawing {
    fn eq(&self, other: &Drawing) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Eq for Drawing {}
