//! Two that queue for one thing, and which of them has it first.

use super::harness::{MS, Seen};
use std::cell::RefCell;
use tokio::time::sleep;

/// `own` queues at once, its rival 1 ms later; what both wait for comes after 2 ms.
pub async fn in_order(
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
