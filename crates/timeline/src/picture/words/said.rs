//! Remembers what has been said so far.

use crate::model::LaneId;

/// The words for a moment so far.
#[derive(Default)]
pub(super) struct Said {
    pub sentences: Vec<String>,
    /// The lane that a sentence has named as the one that acts.
    pub about: Option<LaneId>,
    /// Lanes that were made, and are not said yet.
    pub made: Vec<LaneId>,
    /// The timers that were dropped before they were over, and that is not said yet.
    pub dropped: Vec<LaneId>,
    /// Resources that were asked and were not ready.
    pub waits: Vec<LaneId>,
}

impl Said {
    /// A lane is named once.
    pub fn subject(&self, lane: LaneId, name: &str) -> String {
        if self.about == Some(lane) { "It".to_string() } else { name.to_string() }
    }
}
