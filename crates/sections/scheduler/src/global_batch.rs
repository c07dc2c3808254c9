//! Deep dive 6.3 — An idle worker takes its share of the global queue and one task more, at most 128.

use std::io::Result;
use std::sync::{Arc, Barrier};
use tokio::runtime::{Builder, Handle};

pub fn main() -> Result<()> {
    for workers in [1, 2, 4] {
        println!("200 queued, workers {workers}: a batch of {}", first_batch(workers)?);
    }
    Ok(())
}

/// Counts how many of 200 tasks an idle worker takes at once while all others are blocked.
fn first_batch(workers: usize) -> Result<usize> {
    let runtime = Builder::new_multi_thread().worker_threads(workers).build()?;
    let placed = Arc::new(Barrier::new(workers + 1));
    let idle = Arc::new(Barrier::new(2));
    let counted = Arc::new(Barrier::new(workers));
    for worker in 0..workers {
        let placed = placed.clone();
        let release = if worker == 0 { idle.clone() } else { counted.clone() };
        runtime.spawn(async move {
            placed.wait();
            release.wait();
        });
    }
    placed.wait();
    // The first one queued is the first to run: the rest of its batch has left the queue by then.
    let first = runtime.spawn(async { Handle::current().metrics().global_queue_depth() });
    for _ in 1..200 {
        runtime.spawn(async {});
    }
    idle.wait();
    let left = runtime.block_on(first)?;
    counted.wait();
    Ok(200 - left)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `min(200 / workers + 1, 128)`: half a local queue at most.
    /// Proves D-6-8.
    #[test]
    fn an_idle_worker_takes_its_share_and_one_but_no_more_than_128() {
        assert_eq!([1, 2, 4].map(|workers| first_batch(workers).unwrap()), [128, 101, 51]);
        assert_eq!([1, 2, 4].map(|workers| (200 / workers + 1).min(128)), [128, 101, 51]);
    }
}
