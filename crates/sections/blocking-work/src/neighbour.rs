//! Guide FAQ Q6 — A task waits for the longest synchronous piece of the task beside it.

use std::future::ready;
use std::sync::mpsc::{self, Sender};
use tokio::task::{JoinSet, yield_now};

/// The whole work, in steps. One step is one `#` of the output.
const STEPS: usize = 12;

// One thread for all tasks: whoever computes on it keeps all others waiting.
#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    for piece in [12, 4, 1] {
        let turns = turns_beside(async |log| work(log, piece, yield_now).await).await;
        println!("yield_now after {piece}: {turns}");
    }
    // An `.await` that finds its future ready goes on without a pause.
    let turns = turns_beside(async |log| work(log, 1, async || ready(()).await).await).await;
    println!("ready(()) after 1: {turns}");
}

/// Works in pieces of `piece` steps, each followed by `pause`.
async fn work(log: Sender<char>, piece: usize, pause: impl AsyncFn()) {
    for _ in 0..STEPS / piece {
        for _ in 0..piece {
            log.send('#').expect("`entries` outlives every send");
        }
        pause().await;
    }
}

/// Runs `work` beside a task that is ready all the time, and logs whose turn it was.
///
/// A `#` is a step of the work, a `.` a turn of the neighbour.
async fn turns_beside(work: impl AsyncFnOnce(Sender<char>)) -> String {
    let (log, entries) = mpsc::channel();
    let mut neighbour = JoinSet::new();
    neighbour.spawn({
        let log = log.clone();
        async move {
            while log.send('.').is_ok() {
                yield_now().await;
            }
        }
    });
    work(log).await;
    // Waits for its end, which drops its sender: only then does the list of entries end.
    neighbour.shutdown().await;
    entries.iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn in_pieces_of(piece: usize) -> String {
        turns_beside(async |log| work(log, piece, yield_now).await).await
    }

    /// Proves G-Q6-1, G-Q6-5.
    #[tokio::test]
    async fn a_neighbour_waits_for_exactly_one_piece() {
        assert_eq!(in_pieces_of(12).await, "############.");
        assert_eq!(in_pieces_of(6).await, "######.######.");
        assert_eq!(in_pieces_of(4).await, "####.####.####.");
        assert_eq!(in_pieces_of(1).await, "#.".repeat(12));
    }

    /// `.await` is no pause by itself. The task that never returns `Pending` never gives way.
    /// Proves D-9-2.
    #[tokio::test]
    async fn awaiting_what_is_ready_gives_the_neighbour_no_turn() {
        let turns = turns_beside(async |log| work(log, 1, async || ready(()).await).await).await;
        assert_eq!(turns, "############");
        let turns = turns_beside(async |log| work(log, 1, async || {}).await).await;
        assert_eq!(turns, "############");
    }

    /// Tokio's own resources do give way, even when ready: after 128 operations in one poll.
    #[tokio::test]
    async fn a_channel_that_is_never_empty_gives_way_after_128_messages() {
        let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
        (0..300).for_each(|message| sender.send(message).unwrap());
        drop(sender);
        let turns = turns_beside(async |log| {
            // A fresh budget: this poll may have spent some of it before.
            yield_now().await;
            while receiver.recv().await.is_some() {
                log.send('#').unwrap();
            }
        })
        .await;
        let full = "#".repeat(128);
        assert_eq!(turns, format!(".{full}.{full}.{}", "#".repeat(300 - 256)));
    }

    /// With a second worker the neighbour has somewhere to go: it is the worker that is blocked.
    ///
    /// The work ends only after the neighbour's turn. On one worker this would hang.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn another_worker_runs_the_neighbour_meanwhile() {
        let (sender, receiver) = mpsc::channel();
        let work = tokio::spawn(async move { receiver.recv() });
        let neighbour = tokio::spawn(async move { sender.send("turn") });
        assert_eq!(work.await.unwrap(), Ok("turn"));
        neighbour.await.unwrap().unwrap();
    }
}
