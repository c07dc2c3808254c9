//! Guide 1.3 — Scheduling is cooperative: an `.await` gives way only if its future is not ready.

use std::cell::Cell;
use std::future::ready;
use tokio::sync::mpsc;
use tokio::task::yield_now;

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("ready futures: {} turns", turns_of_a_neighbour(thousand_ready_futures()).await);
    println!("messages: {} turns", turns_of_a_neighbour(thousand_messages()).await);
    println!("yields: {} turns", turns_of_a_neighbour(thousand_yields()).await);
}

/// None of these suspends, so nobody else runs before the last.
async fn thousand_ready_futures() {
    for _ in 0..1000 {
        ready(()).await;
    }
}

/// Tokio's own resources count: after 128 operations they suspend, although there is more.
async fn thousand_messages() {
    let (tx, mut rx) = mpsc::channel(1000);
    for i in 0..1000 {
        tx.try_send(i).expect("there is room for all");
    }
    for _ in 0..1000 {
        rx.recv().await;
    }
}

async fn thousand_yields() {
    for _ in 0..1000 {
        yield_now().await;
    }
}

/// Counts how often another future of the same task runs until `work` has ended.
async fn turns_of_a_neighbour(work: impl Future<Output = ()>) -> u32 {
    let turns = Cell::new(0);
    let neighbour = async {
        loop {
            turns.set(turns.get() + 1);
            yield_now().await;
        }
    };
    tokio::select! {
        biased;
        () = work => {}
        () = neighbour => {}
    }
    turns.get()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves G-1.3-3.
    #[tokio::test]
    async fn a_thousand_ready_futures_give_the_neighbour_no_turn() {
        assert_eq!(turns_of_a_neighbour(thousand_ready_futures()).await, 0);
    }

    /// 1000 messages in pieces of 128 are eight polls, with seven turns of the neighbour between.
    /// Proves G-1.3-3.
    #[tokio::test]
    async fn a_thousand_messages_give_it_seven() {
        assert_eq!(turns_of_a_neighbour(thousand_messages()).await, 7);
    }

    #[tokio::test]
    async fn a_thousand_yields_give_it_a_thousand() {
        assert_eq!(turns_of_a_neighbour(thousand_yields()).await, 1000);
    }
}
