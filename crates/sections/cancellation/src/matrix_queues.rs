//! Deep dive 11.6 — Whoever leaves a queue starts again at its end, even when its turn has come.

use std::cell::{Cell, RefCell};
use std::cmp::Ordering::{Equal, Greater, Less};
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use tokio::runtime::Builder;
use tokio::sync::{Mutex, Notify, RwLock, Semaphore};
use tokio::time::{Duration, Instant, sleep, timeout};

const ITEM: &str = "turn";
const MS: Duration = Duration::from_millis(1);
/// The paused clock passes it when nothing else can happen.
const DAY: Duration = Duration::from_secs(86_400);

/// Polls until the drop; it passes zero once.
type Cut = Cell<usize>;
type Seen = anyhow::Result<Vec<u8>>;
type Row = anyhow::Result<[String; 3]>;

pub fn main() -> anyhow::Result<()> {
    println!("{:<34}{:<14}documented", "queues", "a drop costs");
    for row in table() {
        let [operation, costs, documented] = row?;
        println!("{operation:<34}{costs:<14}{documented}");
    }
    Ok(())
}

fn table() -> [Row; 6] {
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

/// The first difference that a drop makes, of all the polls before which it can fall.
fn row(name: &str, documented: &str, scenario: impl AsyncFn(&Cut) -> Seen) -> Row {
    let run = |cut: &Cut| {
        Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
            let start = Instant::now();
            let seen = timeout(DAY, scenario(cut)).await.unwrap_or(Ok(Vec::new()))?;
            anyhow::Ok((seen, start.elapsed()))
        })
    };
    let (whole, time) = run(&Cut::new(usize::MAX))?;
    for poll in 0.. {
        let cut = Cut::new(poll);
        let (seen, later) = run(&cut)?;
        let costs = match seen.len().cmp(&whole.len()) {
            _ if later == DAY => "never ends".to_string(),
            Less => format!("{ITEM} lost"),
            Greater => format!("{ITEM} twice"),
            Equal if seen != whole => "place lost".to_string(),
            Equal if later > time => "time lost".to_string(),
            Equal if cut.get() <= poll => "nothing".to_string(), // it ended without that poll
            Equal => continue,
        };
        return Ok([name.to_string(), costs, documented.to_string()]);
    }
    unreachable!("a run that ends has a last poll")
}

/// Runs `operation`. The drop finds it woken and not yet polled, and it starts anew.
async fn again<T>(cut: &Cut, mut operation: impl AsyncFnMut() -> T) -> T {
    loop {
        let mut attempt = pin!(operation());
        let finished = poll_fn(|cx| match cut.replace(cut.get().wrapping_sub(1)) {
            0 => Poll::Ready(None),
            _ => attempt.as_mut().poll(cx).map(Some),
        });
        if let Some(value) = finished.await {
            return value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_queue_is_joined_anew_at_its_end() {
        let rows = table().map(Result::unwrap);
        let expected = [
            ["Mutex::lock", "place lost", "loses its place"],
            ["RwLock::read", "place lost", "loses its place"],
            ["RwLock::write", "place lost", "loses its place"],
            ["Semaphore::acquire", "place lost", "loses its place"],
            ["Semaphore::acquire_many", "place lost", "loses its place"],
            ["Notify::notified", "place lost", "loses its place"],
        ];
        assert_eq!(rows, expected);
    }
}
