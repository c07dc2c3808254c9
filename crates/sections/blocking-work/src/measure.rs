//! Guide FAQ Q6 — 10〜100μs: `spawn_blocking` costs some ten of them, and less work is not worth it.
//!
//! Measures on this machine, so no two runs print the same. Run it with `--release`.

use sha2::{Digest, Sha256};
use std::hint::black_box;
use std::time::{Duration, Instant};
use tokio::task::{JoinError, spawn_blocking};

/// An odd number has one median.
const ROUNDS: usize = 15;

#[tokio::main]
pub async fn main() -> Result<(), JoinError> {
    let detour = detour().await?;
    println!("spawn_blocking(noop).await: {detour:.1?}");

    println!("work         input       inline  detours");
    let row = |work, size, time: Duration| {
        let detours = time.as_secs_f64() / detour.as_secs_f64();
        println!("{work:<8} {size:>9} {time:>12.1?} {detours:>8.2}");
    };
    for data in [32, 1 << 10, 16 << 10, 64 << 10, 1 << 20].map(input) {
        row("sha256", data.len(), time_of(|| Sha256::digest(&data)));
    }
    for data in [1 << 10, 64 << 10].map(input) {
        let compress = || zstd::bulk::compress(&data, 19);
        row("zstd -19", data.len(), time_of(compress));
    }
    Ok(())
}

/// What moving nothing to the blocking pool and back costs the task that moves it.
async fn detour() -> Result<Duration, JoinError> {
    // In a task, since `main` does not run on a worker and is woken in another way.
    tokio::spawn(async {
        // The first job starts the thread, which all later ones use.
        spawn_blocking(|| ()).await?;
        let mut times = [Duration::ZERO; 1_001];
        for time in &mut times {
            let start = Instant::now();
            spawn_blocking(|| ()).await?;
            *time = start.elapsed();
        }
        Ok(median(&mut times))
    })
    .await?
}

fn time_of<T>(work: impl Fn() -> T) -> Duration {
    let mut times = [Duration::ZERO; ROUNDS];
    for time in &mut times {
        let start = Instant::now();
        // Otherwise the compiler may leave out what nobody looks at.
        black_box(work());
        *time = start.elapsed();
    }
    median(&mut times)
}

/// Not the mean: one interruption by another process would be in it.
fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Bytes that repeat, but not soon.
fn input(size: usize) -> Vec<u8> {
    (0..size as u64).map(|n| (n * n % 9_973) as u8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_ignores_an_interruption() {
        let mut times = [3, 1, 90_000, 2, 2].map(Duration::from_micros);
        assert_eq!(median(&mut times), Duration::from_micros(2));
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
