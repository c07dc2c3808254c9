//! Deep dive 11.6 — A duration starts again with each call; a deadline stays where it is.

#[path = "harness.rs"]
mod harness;

use harness::{MS, Row, again, print, row};
use std::pin::pin;
use tokio::time::{Instant, interval, sleep, sleep_until};

pub fn main() -> anyhow::Result<()> {
    print("time", table())
}

fn table() -> [Row; 4] {
    [
        row("Interval::tick", "cancel safe", async |cut| {
            let (mut ticks, mut seen) = (interval(MS), Vec::new());
            for letter in *b"abc" {
                again(cut, async || ticks.tick().await).await;
                seen.push(letter);
            }
            Ok(seen)
        }),
        row("sleep", "silent", async |cut| {
            again(cut, async || sleep(2 * MS).await).await;
            Ok(Vec::new())
        }),
        row("sleep_until", "silent", async |cut| {
            let end = Instant::now() + 2 * MS;
            again(cut, async || sleep_until(end).await).await;
            Ok(Vec::new())
        }),
        row("&mut Sleep", "silent", async |cut| {
            let mut sleep = pin!(sleep(2 * MS));
            again(cut, async || sleep.as_mut().await).await;
            Ok(Vec::new())
        }),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_duration_begins_anew() {
        let rows = table().map(Result::unwrap);
        let expected = [
            ["Interval::tick", "nothing", "cancel safe"],
            ["sleep", "time lost", "silent"],
            ["sleep_until", "nothing", "silent"],
            ["&mut Sleep", "nothing", "silent"],
        ];
        assert_eq!(rows, expected);
    }
}
