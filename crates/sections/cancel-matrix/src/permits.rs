//! Deep dive 11.6 — A task that leaves the queue of a semaphore or a `Notify` starts again at its end.

#[path = "harness.rs"]
mod harness;
#[path = "queueing.rs"]
mod queueing;

use harness::{MS, Row, again, print, row};
use queueing::in_order;
use tokio::sync::{Notify, Semaphore};
use tokio::time::sleep;

pub fn main() -> anyhow::Result<()> {
    print("permits and notifications", table())
}

fn table() -> [Row; 3] {
    [
        row("Semaphore::acquire", "loses its place", async |cut| {
            let pool = Semaphore::new(0);
            let own = async { drop(again(cut, async || pool.acquire().await).await) };
            in_order(own, async { drop(pool.acquire().await) }, async { pool.add_permits(1) }).await
        }),
        row("Semaphore::acquire_many", "loses its place", async |cut| {
            let pool = Semaphore::new(0);
            let own = async { drop(again(cut, async || pool.acquire_many(2).await).await) };
            in_order(own, async { drop(pool.acquire().await) }, async { pool.add_permits(2) }).await
        }),
        row("Notify::notified", "loses its place", async |cut| {
            let notify = Notify::new();
            let own = again(cut, async || notify.notified().await);
            let twice = async {
                notify.notify_one();
                sleep(MS).await;
                notify.notify_one();
            };
            in_order(own, notify.notified(), twice).await
        }),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permit_is_queued_for_anew() {
        let rows = table().map(Result::unwrap);
        let expected = [
            ["Semaphore::acquire", "place lost", "loses its place"],
            ["Semaphore::acquire_many", "place lost", "loses its place"],
            ["Notify::notified", "place lost", "loses its place"],
        ];
        assert_eq!(rows, expected);
    }
}
