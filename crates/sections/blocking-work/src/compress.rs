//! Guide FAQ Q6 — zstd at level 19 blocks a worker until it ends; on the blocking pool it blocks none.

use std::io;
use std::sync::mpsc;
use tokio::runtime::Builder;
use tokio::task::spawn_blocking;

const LEVEL: i32 = 19;

pub fn main() -> io::Result<()> {
    println!("bad_example: {}", order_beside(bad_example(large_data()))?);
    println!("good_example: {}", order_beside(good_example(large_data()))?);
    Ok(())
}

/// Nothing else runs on this worker until the last byte is compressed.
async fn bad_example(large_data: Vec<u8>) -> io::Result<Vec<u8>> {
    zstd::bulk::compress(&large_data, LEVEL)
}

/// The worker is free meanwhile. Dropped, it does not stop the compression, only forgets it.
///
/// A panic of the closure is an error too: `?` makes an `io::Error` of the `JoinError`.
async fn good_example(large_data: Vec<u8>) -> io::Result<Vec<u8>> {
    spawn_blocking(move || zstd::bulk::compress(&large_data, LEVEL)).await?
}

/// Returns what comes first: the end of `compress`, or a task that was ready before it began.
fn order_beside(compress: impl Future<Output = io::Result<Vec<u8>>>) -> io::Result<String> {
    // One thread for all tasks, one for all blocking work.
    let runtime = Builder::new_current_thread().max_blocking_threads(1).build()?;
    runtime.block_on(async {
        let (log, entries) = mpsc::channel();
        // The pool is taken until the neighbour has had its turn: a compression there cannot come
        // first by being quick, and begins at all only because the neighbour can run.
        let (neighbour_to_come, turn) = mpsc::channel::<()>();
        spawn_blocking(move || turn.recv());
        let neighbour = {
            let log = log.clone();
            tokio::spawn(async move {
                log.send("他のタスク").expect("`entries` outlives it");
                drop(neighbour_to_come);
            })
        };
        compress.await?;
        log.send("圧縮").expect("`entries` outlives it");
        neighbour.await?;
        drop(log);
        Ok(entries.iter().collect::<Vec<_>>().join(" → "))
    })
}

/// An access log of 64 KiB.
fn large_data() -> Vec<u8> {
    let lines = (0..).flat_map(|n: u32| format!("GET /items/{} 200\n", n * n % 9_973).into_bytes());
    lines.take(64 * 1024).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};
    use utils::probe::Polls;

    /// Proves D-13-6, D-18-8.
    #[test]
    fn inline_it_ends_before_its_neighbour_has_a_turn() {
        let order = order_beside(bad_example(large_data())).unwrap();
        assert_eq!(order, "圧縮 → 他のタスク");
    }

    /// Proves D-9-6, D-12-11.
    #[test]
    fn on_the_pool_it_waits_for_a_neighbour_that_can_run() {
        let order = order_beside(good_example(large_data())).unwrap();
        assert_eq!(order, "他のタスク → 圧縮");
    }

    /// Proves G-Q6-4.
    #[tokio::test]
    async fn both_ways_give_the_same_bytes_which_decompress_to_the_input() {
        let data = large_data();
        assert_eq!(data.len(), 64 * 1024);
        let compressed = good_example(data.clone()).await.unwrap();
        assert_eq!(bad_example(data.clone()).await.unwrap(), compressed);
        assert!(compressed.len() < data.len() / 4, "{}", compressed.len());
        let back = zstd::bulk::decompress(&compressed, data.len()).unwrap();
        assert_eq!(back, data);
    }

    /// Optimized it takes tens of them, and a busy machine only makes it longer.
    /// Proves G-Q6-3.
    #[test]
    fn sixty_four_kib_take_more_than_a_millisecond() {
        let data = large_data();
        let mut times = [(); 3].map(|()| {
            let start = Instant::now();
            zstd::bulk::compress(&data, LEVEL).unwrap();
            start.elapsed()
        });
        times.sort_unstable();
        assert!(times[1] > Duration::from_millis(1), "{times:?}");
    }

    /// Proves G-Q6-3.
    #[tokio::test]
    async fn inline_it_is_one_poll_however_long() {
        let polls = Polls::new();
        polls.of(bad_example(large_data())).await.unwrap();
        assert_eq!(polls.count(), 1);
    }

    /// The price of `?` into an `io::Error`: that it panicked stays, the message goes.
    #[tokio::test]
    async fn a_panic_on_the_pool_is_an_io_error_without_its_message() {
        async fn job() -> io::Result<()> {
            spawn_blocking(|| panic!("on purpose")).await?
        }
        assert_eq!(job().await.unwrap_err().to_string(), "task panicked");
    }

    #[test]
    fn decompression_into_too_little_room_is_an_error() {
        let compressed = zstd::bulk::compress(&large_data(), LEVEL).unwrap();
        let error = zstd::bulk::decompress(&compressed, 64 * 1024 - 1).unwrap_err();
        let message = error.to_string();
        assert!(message.starts_with("Destination buffer is too small"), "{message}");
    }
}
