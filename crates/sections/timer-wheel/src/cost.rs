//! Deep dive 8 — Starting or cancelling a timer costs the same beside a thousand as beside a million.
//!
//! Measures on this machine, so no two runs print the same. Run it with `--release`.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Instant;
use tokio::time::{Duration, Sleep, sleep};

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("   timers    insert    cancel   (beside 1000: 1.0)");
    // The first round pays for memory and caches.
    let base = cost_of_one(1_000).min(cost_of_one(1_000));
    for timers in [1_000, 10_000, 100_000, 1_000_000] {
        let (insert, cancel) = cost_of_one(timers);
        let insert_ratio = insert.as_secs_f64() / base.0.as_secs_f64();
        let cancel_ratio = cancel.as_secs_f64() / base.1.as_secs_f64();
        println!("{timers:>9} {insert:>9?} {cancel:>9?}   {insert_ratio:.1} {cancel_ratio:.1}");
    }
}

/// Measures the average time to insert and to cancel one of `timers` timers.
fn cost_of_one(timers: u32) -> (Duration, Duration) {
    let mut sleeping: Vec<_> = (0..timers).map(|timer| Box::pin(sleep(delay(timer)))).collect();

    let start = Instant::now();
    for timer in &mut sleeping {
        assert_eq!(insert(timer.as_mut()), Poll::Pending);
    }
    let inserted = start.elapsed() / timers;

    // Freeing the box is part of the price.
    let start = Instant::now();
    drop(sleeping);
    (inserted, start.elapsed() / timers)
}

/// A `Sleep` enters the wheel when it is first polled, and leaves it when it is dropped.
fn insert(timer: Pin<&mut Sleep>) -> Poll<()> {
    timer.poll(&mut Context::from_waker(Waker::noop()))
}

/// Scattered over a day, and so over several levels of the wheel.
fn delay(timer: u32) -> Duration {
    const DAY: u32 = 86_400_000;
    // An odd factor, so that neighbours are far apart.
    Duration::from_millis(u64::from(1_000 + timer.wrapping_mul(2_654_435_761) % DAY))
}

#[cfg(test)]
mod tests {
    use super::*;
    use utils::probe::allocations;

    /// A timer is a node inside its `Sleep`: the wheel has no memory of its own that could grow.
    /// Proves D-8-5.
    #[tokio::test]
    async fn neither_to_insert_nor_to_cancel_allocates_beside_however_many_timers() {
        for others in [0, 1_000, 100_000] {
            let mut sleeping: Vec<_> = (0..others).map(|n| Box::pin(sleep(delay(n)))).collect();
            for timer in &mut sleeping {
                assert!(insert(timer.as_mut()).is_pending());
            }
            let (count, ()) = allocations(|| {
                let timer = std::pin::pin!(sleep(Duration::from_secs(5)));
                assert!(insert(timer).is_pending());
            });
            assert_eq!(count, 0, "{others}");
        }
    }

    /// Time that grew with the number would be a thousand times as long, with its square root 31
    /// times. Each side is the best of several rounds, since other programs run on this machine too.
    /// Proves D-8-4.
    #[tokio::test]
    async fn a_thousand_times_the_timers_do_not_make_one_fifteen_times_dearer() {
        let best = |timers, rounds| {
            let costs: Vec<_> = (0..rounds).map(|_| cost_of_one(timers)).collect();
            let insert = costs.iter().map(|cost| cost.0).min().unwrap();
            let cancel = costs.iter().map(|cost| cost.1).min().unwrap();
            (insert, cancel)
        };
        let (few, many) = (best(300, 50), best(300_000, 3));
        assert!(many.0 < 15 * few.0, "insert: {many:?}, {few:?}");
        assert!(many.1 < 15 * few.1, "cancel: {many:?}, {few:?}");
    }
}
