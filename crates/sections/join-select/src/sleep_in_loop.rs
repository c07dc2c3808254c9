//! Guide 4.5 — A `sleep` made inside a `select!` loop restarts each round: if it is busy, it never ends.
//!
//! To take to work: `cargo run -- copy heartbeat`.

use tokio::time::{Duration, Interval, interval, sleep};

const PERIOD: Duration = Duration::from_secs(5);

#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn main() {
    println!("60 messages, one a second, and a report due each 5 s");
    println!("sleep in the loop: {} reports", sleep_in_the_loop(one_a_second()).await);
    println!("interval outside: {} reports", interval_outside(one_a_second()).await);
}

/// Wrong: a message drops the sleep, and the next round makes a new one, of the whole 5 s.
async fn sleep_in_the_loop(mut messages: Interval) -> u32 {
    let (mut received, mut reports) = (0, 0);
    while received < 60 {
        tokio::select! {
            _ = messages.tick() => received += 1,
            () = sleep(PERIOD) => reports += 1,
        }
    }
    reports
}

/// Right: it outlives the rounds. So does a pinned `sleep`, for what is due once.
async fn interval_outside(mut messages: Interval) -> u32 {
    let (mut received, mut reports, mut due) = (0, 0, interval(PERIOD));
    due.tick().await; // The first one is there at once.
    while received < 60 {
        tokio::select! {
            _ = messages.tick() => received += 1,
            _ = due.tick() => reports += 1,
        }
    }
    reports
}

/// Stands for a channel. The last one comes at 59 s.
fn one_a_second() -> Interval {
    interval(Duration::from_secs(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;
    use tokio::time::Instant;

    #[tokio::test(start_paused = true)]
    async fn made_in_the_loop_a_sleep_of_5_s_never_ends_among_messages_of_1_s() {
        let start = Instant::now();
        assert_eq!(sleep_in_the_loop(one_a_second()).await, 0);
        assert_eq!(start.elapsed(), Duration::from_secs(59));
    }

    #[tokio::test(start_paused = true)]
    async fn an_interval_outside_comes_every_5_s() {
        let start = Instant::now();
        assert_eq!(interval_outside(one_a_second()).await, 11);
        assert_eq!(start.elapsed(), Duration::from_secs(59));
    }

    /// Where there are no messages it comes, so that a test may not show the mistake.
    #[tokio::test(start_paused = true)]
    async fn in_a_quiet_loop_it_comes() {
        let quiet = interval(Duration::from_secs(8));
        assert_eq!(sleep_in_the_loop(quiet).await, 59);
    }

    /// A `sleep` outside comes once, and is ready from then on: its branch needs an `if`.
    #[tokio::test(start_paused = true)]
    async fn a_sleep_that_is_over_is_ready_at_each_poll() {
        let mut due = pin!(sleep(PERIOD));
        for _ in 0..1000 {
            due.as_mut().await;
        }
        assert!(due.is_elapsed());
    }
}
