//! The rows of a drawing: one for each thing that a reader should see, in the order of the steps.

use crate::model::LaneId;
use std::time::Duration;

/// One line of a drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub at: Duration,
    /// The last step that it tells of.
    pub step: usize,
    pub action: Action,
}

/// The sign of a lane in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Mark {
    Polled,
    Pending,
    Ready,
    Panicked,
    Dropped,
    Spawned,
    Woken,
    WokenByItself,
    /// The end of a wake: a task that is done.
    Ended,
    Timer,
    Held,
    Free,
}

/// How a lane looks between its marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Line {
    Gone,
    /// It is to be polled.
    Runnable,
    Waiting,
    Polled,
    Held,
    Free,
    Timer,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Link {
    pub from: LaneId,
    pub to: LaneId,
    pub style: Style,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// A poll, a wake, a spawn.
    Heavy,
    /// Waiting.
    Light,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    Plain(String),
    Lane(LaneId),
}

/// A part of a row: what one lane does. Its subject stands elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Action {
    pub marks: Vec<(LaneId, Mark)>,
    pub links: Vec<Link>,
    pub words: Vec<Word>,
    /// Lanes that are named here for the first time: their source lines stand behind their names.
    pub places: Vec<LaneId>,
    /// How lanes go on below the row.
    pub after: Vec<(LaneId, Line)>,
}

impl Action {
    pub(super) fn new(words: impl IntoIterator<Item = Word>) -> Action {
        Action { words: words.into_iter().collect(), ..Action::default() }
    }

    /// Marks a lane, and says how it goes on.
    pub(super) fn mark(mut self, lane: LaneId, mark: Mark, after: Line) -> Action {
        self.marks.push((lane, mark));
        self.after.push((lane, after));
        self
    }

    /// Marks a lane that goes on as it did.
    pub(super) fn mark_only(mut self, lane: LaneId, mark: Mark) -> Action {
        self.marks.push((lane, mark));
        self
    }

    pub(super) fn link(mut self, from: LaneId, to: LaneId, style: Style) -> Action {
        self.links.push(Link { from, to, style });
        self
    }

    pub(super) fn place(mut self, lane: LaneId) -> Action {
        self.places.push(lane);
        self
    }

    /// Adds what happens at the same moment, in the same row.
    pub(super) fn add(&mut self, other: Action) {
        self.marks.extend(other.marks);
        self.links.extend(other.links);
        self.words.extend(other.words);
        self.places.extend(other.places);
        self.after.extend(other.after);
    }

    pub(super) fn at(self, at: Duration, step: usize) -> Row {
        Row { at, step, action: self }
    }
}

pub(super) fn plain(text: &str) -> Word {
    Word::Plain(text.to_string())
}
