//! Deep dive 11.6 — A task that leaves the queue of a lock starts again at its end, even if it was next.

#[path = "harness.rs"]
mod harness;
#[path = "queueing.rs"]
mod queueing;

use harness::{Row, again, print, row};
use queueing::in_order;
use tokio::sync::{Mutex, RwLock};

pub fn main() -> anyhow::Result<()> {
    print("locks", table())
}

fn table() -> [Row; 3] {
    [
        row("Mutex::lock", "loses its place", async |cut| {
            let mutex = Mutex::new(());
            let held = mutex.lock().await;
            let own = async { drop(again(cut, async || mutex.lock().await).await) };
            in_order(own, async { drop(mutex.lock().await) }, async { drop(held) }).await
        }),
        row("RwLock::read", "loses its place", async |cut| {
            let lock = RwLock::new(());
            let held = lock.write().await;
            let own = async { drop(again(cut, async || lock.read().await).await) };
            in_order(own, async { drop(lock.write().await) }, async { drop(held) }).await
        }),
        row("RwLock::write", "loses its place", async |cut| {
            let lock = RwLock::new(());
            let held = lock.write().await;
            let own = async { drop(again(cut, async || lock.write().await).await) };
            in_order(own, async { drop(lock.write().await) }, async { drop(held) }).await
        }),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_queued_for_anew() {
        let rows = table().map(Result::unwrap);
        let expected = [
            ["Mutex::lock", "place lost", "loses its place"],
            ["RwLock::read", "place lost", "loses its place"],
            ["RwLock::write", "place lost", "loses its place"],
        ];
        assert_eq!(rows, expected);
    }
}
