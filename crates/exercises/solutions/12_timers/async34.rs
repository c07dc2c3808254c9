//! Deep dive 8 — After a stall, an interval makes up for every tick that it missed.

use std::time::Duration;
use tokio::time::{Interval, MissedTickBehavior, interval};

/// A beat every five seconds. After a stall, one beat comes at once, and the next five seconds later.
fn heartbeat() -> Interval {
    let mut interval = interval(Duration::from_secs(5));
    // `Skip` would beat at once, too, and then at the next multiples of five seconds.
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::paused;
    use std::time::Duration;
    use tokio::time::{Instant, advance};

    #[test]
    fn after_a_stall_one_beat_comes_at_once() {
        paused(async {
            let (start, mut heartbeat) = (Instant::now(), heartbeat());
            heartbeat.tick().await;
            advance(Duration::from_secs(62)).await;
            let mut beats = Vec::new();
            for _ in 0..3 {
                heartbeat.tick().await;
                beats.push(start.elapsed().as_secs());
            }
            assert_eq!(beats, [62, 67, 72]);
        });
    }
}
