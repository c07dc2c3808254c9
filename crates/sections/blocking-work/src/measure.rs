//! Guide FAQ Q6 — 10〜100μs: `spawn_blocking` costs about ten; moving shorter work is not worth it.
//!
//! Measures on this machine, so no two runs print the same. Run it with `--release`.

use sha2::{Digest, Sha256};
use std::time::{Duration, Instant};
use tokio::task::{JoinError, spawn_blocking};

#[tokio::main]
pub async fn main() -> Result<(), JoinError> {
    let detour = detour().await?;
    println!("spawn_blocking(noop).await: {detour:.1?}");
    println!("work         input       inline  detours");
    let row = |work, size, time: Duration| {
        println!("{work:<8} {size:>9} {time:>12.1?} {:>8.2}", time.div_duration_f64(detour));
    };
    for data in [32, 1 << 10, 16 << 10, 64 << 10, 1 << 20].map(input) {
        row("sha256", data.len(), time_of(|| Sha256::digest(&data)));
    }
    for data in [1 << 10, 64 << 10].map(input) {
        row("zstd -19", data.len(), time_of(|| zstd::bulk::compress(&data, 19)));
    }
    Ok(())
}

/// Measures what it costs a task to move no work to the blocking pool and back.
async fn detour() -> Result<Duration, JoinError> {
    // In a task, since `main` does not run on a worker and is woken in another way.
    tokio::spawn(async {
        let mut times = Vec::new();
        for _ in 0..1_001 {
            let start = Instant::now();
            spawn_blocking(|| ()).await?;
            times.push(start.elapsed());
        }
        Ok(median(times))
    })
    .await?
}

fn time_of<T>(work: impl Fn() -> T) -> Duration {
    let once = |_| {
        let start = Instant::now();
        // Otherwise the compiler may leave out what nobody looks at.
        std::hint::black_box(work());
        start.elapsed()
    };
    median((0..15).map(once).collect())
}

/// Not the mean: one interruption by another process would be in it.
fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn input(size: usize) -> Vec<u8> {
    (0..size as u64).map(|n| (n * n % 9_973) as u8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_ignores_an_interruption() {
        let times = [3, 1, 90_000, 2, 2].map(Duration::from_micros);
        assert_eq!(median(times.into()), Duration::from_micros(2));
    }

    /// Optimized or not. Other processes can make the detour longer, but not the best of many hashes.
    /// Proves G-Q6-5.
    #[tokio::test]
    async fn a_hash_of_32_bytes_takes_less_than_a_detour() {
        let data = input(32);
        let hash = (0..100).map(|_| time_of(|| Sha256::digest(&data))).min().unwrap();
        let detour = detour().await.unwrap();
        assert!(hash < detour, "{hash:?} and {detour:?}");
    }

    /// A thousand times as large, and optimized or not far more than fifty times as long.
    /// Proves G-Q6-2.
    #[test]
    fn a_hash_of_1_mib_takes_more_than_50_times_that_of_1_kib() {
        let [small, large] = [1 << 10, 1 << 20].map(|size| {
            let data = input(size);
            time_of(|| Sha256::digest(&data))
        });
        assert!(large > 50 * small, "{large:?} and {small:?}");
    }
}
