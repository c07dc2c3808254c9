//! Deep dive 11.6 — A task runs on when its waiter is dropped, and its result can be awaited later.

#[path = "harness.rs"]
mod harness;

use harness::{MS, Row, again, print, row};
use tokio::task::JoinSet;

pub fn main() -> anyhow::Result<()> {
    print("tasks", table())
}

fn table() -> [Row; 3] {
    [
        row("&mut JoinHandle", "cancel safe", async |cut| {
            let mut task = tokio::spawn(after(1, b'a'));
            Ok(vec![again(cut, async || (&mut task).await).await?])
        }),
        row("JoinSet::join_next", "cancel safe", async |cut| {
            let tasks = (1..).zip(*b"abc").map(|(ms, it)| after(ms, it));
            let (mut set, mut seen) = (tasks.collect::<JoinSet<_>>(), Vec::new());
            while let Some(letter) = again(cut, async || set.join_next().await).await {
                seen.push(letter?);
            }
            Ok(seen)
        }),
        row("TaskTracker::wait", "cancel safe", async |cut| {
            let tracker = tokio_util::task::TaskTracker::new();
            let task = tracker.spawn(after(1, b'a'));
            tracker.close();
            again(cut, async || tracker.wait().await).await;
            Ok(vec![task.await?])
        }),
    ]
}

async fn after(ms: u32, letter: u8) -> u8 {
    tokio::time::sleep(ms * MS).await;
    letter
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
