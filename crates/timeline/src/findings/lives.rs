//! How each lane stood when the recording ended.

use crate::model::{Ending, LaneId, Outcome, Timeline, What};

/// Steps: indices into the events.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Life {
    pub poll_start: Option<usize>,
    pub pending: Option<usize>,
    /// The last wake, unless it came in a poll that ended with `Ready`.
    pub wake: Option<usize>,
    pub dropped: Option<usize>,
    pub is_done: bool,
}

pub(super) struct Lives {
    lives: Vec<Life>,
    /// After this step the program was only taken apart.
    pub end: usize,
}

impl Lives {
    pub(super) fn of(timeline: &Timeline) -> Lives {
        let mut lives = vec![Life::default(); timeline.lanes.len()];
        let mut end = timeline.events.len();
        for (step, event) in timeline.events.iter().enumerate() {
            let life = &mut lives[event.lane.0 as usize];
            match event.what {
                What::PollStart => life.poll_start = Some(step),
                What::PollEnd { outcome: Outcome::Pending, .. } => life.pending = Some(step),
                What::PollEnd { .. } => {
                    life.is_done = true;
                    if Some(event.lane) == timeline.root() && timeline.ending == Ending::Finished {
                        end = step;
                    }
                }
                What::Wake { .. } => life.wake = Some(step),
                What::Dropped { .. } => life.dropped = life.dropped.or(Some(step)),
                _ => {}
            }
        }
        Lives { lives, end }
    }

    pub(super) fn of_lane(&self, lane: LaneId) -> &Life {
        &self.lives[lane.0 as usize]
    }

    /// Tells whether it was there, and not ready, when the program ended.
    pub(super) fn is_left(&self, lane: LaneId) -> bool {
        let life = self.of_lane(lane);
        !life.is_done && life.dropped.is_none_or(|dropped| dropped > self.end)
    }

    /// Tells whether something woke it after its last poll began, and it was not polled since.
    pub(super) fn is_owed_a_poll(&self, lane: LaneId) -> bool {
        let life = self.of_lane(lane);
        !life.is_done && life.pending.is_some() && life.wake > life.poll_start
    }
}
