//! Guide FAQ Q6 — A hash in pieces yields after each piece; it may borrow its data and be cancelled.

use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::task::{JoinSet, yield_now};

/// The size of a piece: the tasks beside it wait while one is hashed.
const PIECE: usize = 16 * 1024;

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let data = vec![b'a'; 8 * PIECE];

    let (hash, turns) = turns_beside(async { sha256(&data) }).await;
    println!("{hash}: {turns} turns of a neighbour");

    let (hash, turns) = turns_beside(sha256_in_pieces(&data)).await;
    println!("{hash}: {turns} turns of a neighbour");
}

/// Keeps its thread until the last byte.
fn sha256(data: &[u8]) -> String {
    hex(&Sha256::digest(data))
}

/// Lets others run after each piece.
///
/// Dropped half-way, it has stopped: a closure on the blocking pool would run to its end.
async fn sha256_in_pieces(data: &[u8]) -> String {
    let mut hasher = Sha256::new();
    for piece in data.chunks(PIECE) {
        hasher.update(piece);
        yield_now().await;
    }
    hex(&hasher.finalize())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The output of `work`, and how often a task beside it that is always ready was polled meanwhile.
async fn turns_beside<T>(work: impl Future<Output = T>) -> (T, usize) {
    let turns = Arc::new(AtomicUsize::new(0));
    let mut neighbour = JoinSet::new();
    neighbour.spawn({
        let turns = turns.clone();
        async move {
            loop {
                // A counter that orders nothing: `Relaxed` is enough.
                turns.fetch_add(1, Ordering::Relaxed);
                yield_now().await;
            }
        }
    });
    let output = work.await;
    (output, turns.load(Ordering::Relaxed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use std::pin::pin;
    use std::task::Poll;
    use utils::probe::Polls;

    #[tokio::test]
    async fn pieces_have_the_digest_of_the_whole() {
        for size in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 5] {
            let data: Vec<u8> = (0..size).map(|n| n as u8).collect();
            assert_eq!(sha256_in_pieces(&data).await, sha256(&data), "{size} bytes");
        }
    }

    /// Proves D-9-5.
    #[tokio::test]
    async fn a_neighbour_has_a_turn_after_each_piece() {
        for pieces in [1, 8] {
            let data = vec![0; pieces * PIECE];
            assert_eq!(turns_beside(sha256_in_pieces(&data)).await.1, pieces);
        }
    }

    /// Proves D-9-3.
    #[tokio::test]
    async fn a_neighbour_of_the_whole_has_no_turn() {
        let data = vec![0; 8 * PIECE];
        assert_eq!(turns_beside(async { sha256(&data) }).await.1, 0);
    }

    #[tokio::test]
    async fn each_piece_is_one_poll() {
        let polls = Polls::new();
        polls.of(sha256_in_pieces(&vec![0; 8 * PIECE])).await;
        assert_eq!(polls.count(), 8 + 1);
    }

    /// The compiler is the proof: the data can be changed, so nobody reads it any more.
    #[tokio::test]
    async fn a_dropped_hash_has_given_its_data_back() {
        let mut data = vec![0; 8 * PIECE];
        {
            let mut hash = pin!(sha256_in_pieces(&data));
            let first = poll_fn(|cx| Poll::Ready(hash.as_mut().poll(cx))).await;
            assert!(first.is_pending());
        }
        data.clear();
    }
}
