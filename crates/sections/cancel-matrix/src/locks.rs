//! Deep dive 11.6 — Whoever leaves the queue of a lock starts again at its end, even when its turn has come.

#[path = "harness.rs"]
mod harness;

use harness::{MS, Row, Seen, again, print, row};
use std::cell::RefCell;
use tokio::sync::{Mutex, RwLock};
use tokio::time::sleep;

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

/// `own` queues at once, its rival 1 ms later; what both wait for comes after 2 ms.
async fn in_order(
    own: impl Future<Output = ()>,
    rival: impl Future<Output = ()>,
    release: impl Future<Output = ()>,
) -> Seen {
    let seen = RefCell::new(Vec::new());
    tokio::join!(
        biased;
        async { own.await; seen.borrow_mut().push(b'a') },
        async { sleep(MS).await; rival.await; seen.borrow_mut().push(b'b') },
        async { sleep(2 * MS).await; release.await },
    );
    Ok(seen.into_inner())
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
