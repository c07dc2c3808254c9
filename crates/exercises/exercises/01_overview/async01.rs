//! Guide 1.1 — One thread waits for many things at once.
//!
//! `std::thread::sleep` stops the whole thread, and every task on it. A task that waits for a timer
//! of the runtime leaves its thread to the other tasks.
//!
//! Fails first: the test `three_cups_take_as_long_as_one` fails.

use std::time::Duration;

const BREWING: Duration = Duration::from_millis(10);

/// Brews one cup of tea.
async fn brew(cup: u32) -> u32 {
    // TODO: This thread can do nothing else while it sleeps. Let only this task wait.
    std::thread::sleep(BREWING);
    cup
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::paused;
    use tokio::{task::JoinSet, time::Instant};

    #[test]
    fn three_cups_take_as_long_as_one() {
        paused(async {
            let start = Instant::now();
            let mut cups: JoinSet<u32> = (1..=3).map(brew).collect();
            let mut brewed = Vec::new();
            while let Some(cup) = cups.join_next().await {
                brewed.push(cup.unwrap());
            }
            brewed.sort();
            assert_eq!(brewed, [1, 2, 3]);
            assert_eq!(start.elapsed(), BREWING, "measured by Tokio's clock");
        });
    }
}
