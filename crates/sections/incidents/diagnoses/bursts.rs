//! A heartbeat that comes twelve times at once.

mod broken;
mod fixed;

use crate::incident::{Incident, Observed, Service, run};
use std::cell::RefCell;
use std::collections::BTreeMap;
use tokio::time::{Duration, Instant, advance, sleep};

pub const INCIDENT: Incident = Incident {
    name: "bursts",
    report: "Our monitor answers \"429 too many requests\" to heartbeats.\n\
             It allows two a second, and we send one each 5 s.\n\
             It happens when the machine is busy.",
    hints: &[
        "How many heartbeats are there in the second in which they are refused?",
        "What happened to the service in the minute before?\n\
         When were these heartbeats due?",
        "What does `interval` do about the ticks that nobody awaited in time?",
    ],
    broken: Service {
        source: include_str!("bursts/broken.rs"),
        observe: || run(a_minute_is_lost(async |monitor| broken::heartbeats(monitor).await)),
    },
    fixed: Service {
        source: include_str!("bursts/fixed.rs"),
        observe: || run(a_minute_is_lost(async |monitor| fixed::heartbeats(monitor).await)),
    },
    picture: None,
    cause: "An `interval` makes up for the ticks that it missed: by default all at once.\n\
            With `Delay`, it drops them and counts its 5 s from the late tick on.",
    read_on: &["cargo run -p timer-wheel -- missed_ticks", "cargo run -- copy periodic ../my-app"],
};

/// Counts the heartbeats of each second.
pub struct Monitor {
    start: Instant,
    beats: RefCell<BTreeMap<u64, u32>>,
}

impl Monitor {
    fn beat(&self) {
        *self.beats.borrow_mut().entry(self.start.elapsed().as_secs()).or_default() += 1;
    }
}

/// At 12 s the machine stands still for a minute.
async fn a_minute_is_lost(heartbeats: impl AsyncFn(&Monitor)) -> Observed {
    let monitor = Monitor { start: Instant::now(), beats: RefCell::default() };
    tokio::select! {
        biased;
        () = heartbeats(&monitor) => {}
        () = async {
            sleep(Duration::from_secs(12)).await;
            advance(Duration::from_secs(60)).await;
            sleep(Duration::from_secs(17)).await;
        } => {}
    }
    let mut observed = Observed::default();
    let beats = monitor.beats.into_inner();
    let refused: u32 = beats.values().map(|count| count.saturating_sub(2)).sum();
    let sent: u32 = beats.values().sum();
    observed.symptom(format!("in 89 s: {sent} heartbeats, {refused} of them refused"));
    observed.evidence("from 12 s to 72 s the machine stands still");
    for (second, count) in beats {
        observed.evidence(format!("heartbeats at {second} s: {count}"));
    }
    observed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_broken_one_sends_twelve_heartbeats_at_once_and_the_repaired_one_none_twice() {
        let broken = (INCIDENT.broken.observe)();
        assert_eq!(broken.symptoms, "in 89 s: 18 heartbeats, 10 of them refused\n");
        assert!(broken.evidence.contains("heartbeats at 72 s: 12\n"), "{}", broken.evidence);
        let fixed = (INCIDENT.fixed.observe)();
        assert_eq!(fixed.symptoms, "in 89 s: 7 heartbeats, 0 of them refused\n");
        assert!(!fixed.evidence.contains(": 2"), "{}", fixed.evidence);
    }
}
