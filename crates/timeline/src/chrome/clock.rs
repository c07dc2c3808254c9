//! The clock of a trace: Tokio's, but no two steps have the same time.

use crate::model::Timeline;
use std::time::Duration;

/// Between steps at the same time.
const APART: Duration = Duration::from_micros(1);

pub(super) struct Clock {
    steps: Vec<Duration>,
    end: Duration,
}

impl Clock {
    pub fn of(timeline: &Timeline) -> Self {
        let mut steps: Vec<Duration> = Vec::new();
        let mut before = None;
        for event in &timeline.events {
            let time = match (before, steps.last()) {
                (Some(before), Some(&last)) if event.at == before => last + APART,
                // The steps before it have been moved beyond it.
                (_, Some(&last)) => event.at.max(last + Duration::from_nanos(1)),
                (_, None) => event.at,
            };
            steps.push(time);
            before = Some(event.at);
        }
        let last = steps.last().map_or(Duration::ZERO, |last| *last + APART);
        Self { steps, end: timeline.end.max(last) }
    }

    /// The time of a step, or the end, as the format wants it.
    pub fn micros(&self, step: usize) -> f64 {
        let time = self.steps.get(step).unwrap_or(&self.end);
        time.as_nanos() as f64 / 1e3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_at_the_same_time_stand_apart_and_the_next_wait_begins_in_time() {
        let timeline = Timeline::example();
        let clock = Clock::of(&timeline);
        let times: Vec<_> = (0..timeline.events.len()).map(|step| clock.micros(step)).collect();
        assert!(times.windows(2).all(|two| two[0] < two[1]), "{times:?}");
        let later = timeline.events.iter().position(|event| !event.at.is_zero()).unwrap();
        assert_eq!(times[..3], [0.0, 1.0, 2.0]);
        assert_eq!(times[later..later + 2], [10_000.0, 10_001.0]);
    }
}
