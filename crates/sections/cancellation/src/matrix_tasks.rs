//! Deep dive 11.6 — A task that is dropped by whoever waits for it runs on, and its result waits.

use std::cell::Cell;
use std::cmp::Ordering::{Equal, Greater, Less};
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use tokio::runtime::Builder;
use tokio::task::JoinSet;
use tokio::time::{Duration, Instant, sleep, timeout};
use tokio_util::task::TaskTracker;

const ITEM: &str = "result";
const MS: Duration = Duration::from_millis(1);
/// The paused clock passes it when nothing else can happen.
const DAY: Duration = Duration::from_secs(86_400);

/// Polls until the drop; it passes zero once.
type Cut = Cell<usize>;
type Seen = anyhow::Result<Vec<u8>>;
type Row = anyhow::Result<[String; 3]>;

pub fn main() -> anyhow::Result<()> {
    println!("{:<34}{:<14}documented", "tasks", "a drop costs");
    for row in table() {
        let [operation, costs, documented] = row?;
        println!("{operation:<34}{costs:<14}{documented}");
    }
    Ok(())
}

fn table() -> [Row; 3] {
    [
        row("&mut JoinHandle", "cancel safe", async |cut| {
            let mut task = tokio::spawn(after(1, b'a'));
            Ok(vec![again(cut, async || (&mut task).await).await?])
        }),
        row("JoinSet::join_next", "cancel safe", async |cut| {
            let mut set: JoinSet<_> = (1..).zip(*b"abc").map(|(ms, it)| after(ms, it)).collect();
            let mut seen = Vec::new();
            while let Some(letter) = again(cut, async || set.join_next().await).await {
                seen.push(letter?);
            }
            Ok(seen)
        }),
        row("TaskTracker::wait", "cancel safe", async |cut| {
            let tracker = TaskTracker::new();
            let task = tracker.spawn(after(1, b'a'));
            tracker.close();
            again(cut, async || tracker.wait().await).await;
            Ok(vec![task.await?])
        }),
    ]
}

async fn after(ms: u32, letter: u8) -> u8 {
    sleep(ms * MS).await;
    letter
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
    fn no_result_of_a_task_is_lost() {
        let rows = table().map(Result::unwrap);
        let expected = [
            ["&mut JoinHandle", "nothing", "cancel safe"],
            ["JoinSet::join_next", "nothing", "cancel safe"],
            ["TaskTracker::wait", "nothing", "cancel safe"],
        ];
        assert_eq!(rows, expected);
    }
}
