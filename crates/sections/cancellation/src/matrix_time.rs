//! Deep dive 11.6 — A time that begins with the call begins anew; a deadline stays where it is.

use std::cell::Cell;
use std::cmp::Ordering::{Equal, Greater, Less};
use std::future::{pending, poll_fn};
use std::pin::pin;
use std::task::Poll;
use tokio::runtime::Builder;
use tokio::time::{Duration, Instant, interval, sleep, sleep_until, timeout, timeout_at};

const ITEM: &str = "result";
const MS: Duration = Duration::from_millis(1);
/// The paused clock passes it when nothing else can happen.
const DAY: Duration = Duration::from_secs(86_400);

/// Polls until the drop; it passes zero once.
type Cut = Cell<usize>;
type Seen = anyhow::Result<Vec<u8>>;
type Row = anyhow::Result<[String; 3]>;

pub fn main() -> anyhow::Result<()> {
    println!("{:<34}{:<14}documented", "time", "a drop costs");
    for row in table() {
        let [operation, costs, documented] = row?;
        println!("{operation:<34}{costs:<14}{documented}");
    }
    Ok(())
}

fn table() -> [Row; 6] {
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
        row("timeout", "silent", async |cut| {
            let ended = again(cut, async || timeout(2 * MS, pending::<()>()).await).await;
            Ok(vec![ended.map_or(b'a', |()| b'b')])
        }),
        row("timeout_at", "silent", async |cut| {
            let end = Instant::now() + 2 * MS;
            let ended = again(cut, async || timeout_at(end, pending::<()>()).await).await;
            Ok(vec![ended.map_or(b'a', |()| b'b')])
        }),
    ]
}

/// The first difference that a drop makes, of all the polls before which it can fall.
fn row(name: &str, documented: &str, scenario: impl AsyncFn(&Cut) -> Seen) -> Row {
    let run = |cut: &Cut| {
        Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
            let start = Instant::now();
            let seen = timeout(DAY, scenario(cut)).await.unwrap_or(Ok(Vec::new()))?;
            anyhow::Ok((seen, start.elapsed()))
        })
    };
    let (whole, time) = run(&Cut::new(usize::MAX))?;
    for poll in 0.. {
        let cut = Cut::new(poll);
        let (seen, later) = run(&cut)?;
        let costs = match seen.len().cmp(&whole.len()) {
            _ if later == DAY => "never ends".to_string(),
            Less => format!("{ITEM} lost"),
            Greater => format!("{ITEM} twice"),
            Equal if seen != whole => "place lost".to_string(),
            Equal if later > time => "time lost".to_string(),
            Equal if cut.get() <= poll => "nothing".to_string(), // it ended without that poll
            Equal => continue,
        };
        return Ok([name.to_string(), costs, documented.to_string()]);
    }
    unreachable!("a run that ends has a last poll")
}

/// Runs `operation`. The drop finds it woken and not yet polled, and it starts anew.
async fn again<T>(cut: &Cut, mut operation: impl AsyncFnMut() -> T) -> T {
    loop {
        let mut attempt = pin!(operation());
        let finished = poll_fn(|cx| match cut.replace(cut.get().wrapping_sub(1)) {
            0 => Poll::Ready(None),
            _ => attempt.as_mut().poll(cx).map(Some),
        });
        if let Some(value) = finished.await {
            return value;
        }
    }
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
            ["timeout", "time lost", "silent"],
            ["timeout_at", "nothing", "silent"],
        ];
        assert_eq!(rows, expected);
    }
}
