//! Wrong: goes on at the multiples of five seconds.

use std::time::Duration;
use tokio::time::{Interval, MissedTickBehavior, interval};

fn heartbeat() -> Interval {
    let mut interval = interval(Duration::from_secs(5));
    interval.set_missed_tick_behavior(MissedTickBehavior::Skip);
    interval
}
