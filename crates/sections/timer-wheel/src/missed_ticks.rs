//! Deep dive 8 — An `interval` makes up for a stall with a burst of ticks, unless it is told not to.
//!
//! To take to work: `cargo run -- copy periodic`.

use tokio::time::MissedTickBehavior::{self, Burst, Delay, Skip};
use tokio::time::{Duration, Instant, advance, interval, sleep};

const SECOND: Duration = Duration::from_secs(1);

// The clock is paused: it goes on by itself when everything waits.
#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn main() {
    println!("every 5 s, with a stall from 6 s to 66 s:");
    for behavior in [Burst, Delay, Skip] {
        println!("  {behavior:?}: {:?}", ticks(behavior).await);
    }
}

/// Returns the seconds at which a heartbeat comes in the first 80.
async fn ticks(behavior: MissedTickBehavior) -> Vec<u64> {
    let (start, mut heartbeat, mut ticks) = (Instant::now(), interval(5 * SECOND), Vec::new());
    heartbeat.set_missed_tick_behavior(behavior);
    let beats = async {
        loop {
            heartbeat.tick().await;
            ticks.push(start.elapsed().as_secs());
        }
    };
    let stall = async {
        sleep(6 * SECOND).await;
        // Nobody is polled: a laptop sleeps, a container is stopped, a poll blocks.
        advance(60 * SECOND).await;
        sleep(14 * SECOND).await;
    };
    tokio::select! {
        biased;
        () = beats => {}
        () = stall => {}
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_a_beat_at(late: &[u64]) -> Vec<u64> {
        [&[0, 5], late].concat()
    }

    /// Those of 10 to 65 s, all in no time.
    #[tokio::test(start_paused = true)]
    async fn a_burst_makes_up_for_twelve_ticks_at_once_and_is_the_default() {
        assert_eq!(interval(SECOND).missed_tick_behavior(), Burst);
        let expected = with_a_beat_at(&[&[66; 12][..], &[70, 75, 80]].concat());
        assert_eq!(ticks(Burst).await, expected);
    }

    #[tokio::test(start_paused = true)]
    async fn delay_has_one_and_counts_five_seconds_from_there() {
        assert_eq!(ticks(Delay).await, with_a_beat_at(&[66, 71, 76]));
    }

    #[tokio::test(start_paused = true)]
    async fn skip_has_one_and_keeps_to_the_multiples_of_five() {
        assert_eq!(ticks(Skip).await, with_a_beat_at(&[66, 70, 75, 80]));
    }
}
