//! Deep dive 6.2 — With the LIFO slot two tasks that pass messages run four times in a row.
//!
//! Measures on this machine, so no two runs print the same. Run it with `--release`.

#![allow(unexpected_cfgs, reason = "only a manifest can declare `tokio_unstable`")]

use std::process::ExitCode;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{Receiver, Sender, channel};

pub fn main() -> ExitCode {
    for workers in [1, 2] {
        let times = [true, false].map(|slot| runtime(workers, slot).as_ref().map(best_of_five));
        let [Some(with), Some(without)] = times else {
            eprintln!("error: this takes RUSTFLAGS=\"--cfg tokio_unstable\" before `cargo run`");
            return ExitCode::FAILURE;
        };
        let ratio = without.as_secs_f64() / with.as_secs_f64();
        println!("workers {workers}: {with:.0?} a round trip, without the slot {ratio:.1} times");
    }
    ExitCode::SUCCESS
}

/// `None` where Tokio cannot do without the slot.
fn runtime(workers: usize, slot: bool) -> Option<Runtime> {
    let mut builder = Builder::new_multi_thread();
    #[cfg(tokio_unstable)]
    if !slot {
        builder.disable_lifo_slot();
    }
    if slot || cfg!(tokio_unstable) { builder.worker_threads(workers).build().ok() } else { None }
}

/// The time of a round trip. What else runs on this machine only adds to it.
fn best_of_five(runtime: &Runtime) -> Duration {
    (0..5).map(|_| runtime.block_on(game(100_000))).min().unwrap_or_default() / 100_000
}

/// Measures how long two tasks take to pass a ball there and back this many times.
async fn game(round_trips: u32) -> Duration {
    let ((to_pong, at_pong), (to_ping, at_ping)) = (channel(1), channel(1));
    tokio::spawn(pong(at_pong, to_ping));
    let start = Instant::now();
    let _ = tokio::spawn(ping(at_ping, to_pong, round_trips)).await;
    start.elapsed()
}

async fn ping(mut ball: Receiver<()>, pong: Sender<()>, round_trips: u32) {
    for _ in 0..round_trips {
        pong.send(()).await.expect("pong plays to the end");
        ball.recv().await.expect("pong plays to the end");
    }
}

async fn pong(mut ball: Receiver<()>, ping: Sender<()>) {
    while ball.recv().await.is_some() {
        ping.send(()).await.expect("ping waits for it");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use std::sync::mpsc;
    use std::task::Poll;
    use utils::probe::Polls;

    /// On one worker: how many polls of the two a third task, always ready, sees at each turn.
    fn polls_between_turns(slot: bool) -> Vec<usize> {
        let runtime = runtime(1, slot).unwrap();
        let (log, turns) = mpsc::channel();
        let polls = Polls::new();
        let players = polls.clone();
        let game = runtime.spawn(async move {
            let (to_pong, at_pong) = channel(1);
            let (to_ping, at_ping) = channel(1);
            tokio::spawn(poll_fn(move |cx| {
                // To the back of the queue, not into the slot: it is running.
                cx.waker().wake_by_ref();
                match log.send(polls.count()) {
                    Ok(()) => Poll::Pending,
                    Err(_) => Poll::Ready(()),
                }
            }));
            tokio::spawn(players.of(pong(at_pong, to_ping)));
            tokio::spawn(players.of(ping(at_ping, to_pong, 1000))).await.unwrap();
        });
        runtime.block_on(game).unwrap();
        let seen: Vec<_> = turns.try_iter().collect();
        seen.windows(2).map(|pair| pair[1] - pair[0]).collect()
    }

    /// Proves D-6-4.
    #[test]
    fn with_the_slot_the_two_are_polled_four_times_in_a_row_and_without_it_once() {
        // The first turns are those of the start.
        assert_eq!(polls_between_turns(true)[1..100], [4; 99]);
        assert_eq!(polls_between_turns(false)[1..100], [1; 99]);
    }
}
