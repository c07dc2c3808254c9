//! Deep dive 11.6 — A dropped `lock` loses its place in the queue; a kept one is served first.

use std::pin::pin;
use tokio::sync::{Mutex, Notify};
use tokio::task::yield_now;

#[tokio::main]
pub async fn main() {
    println!("lock, dropped: {:?}, kept: {:?}", serve(dropped).await, serve(kept).await);
}

type Served = Mutex<Vec<&'static str>>;

/// Each tick drops the waiting `lock` and queues a new one, behind all others. Under constant
/// ticks and contention this waiter never gets the lock.
async fn dropped(served: &Served, tick: &Notify) {
    loop {
        tokio::select! {
            mut served = served.lock() => return served.push("first"),
            () = tick.notified() => {}
        }
    }
}

/// One `lock` for all rounds: `select!` drops only a reference to it. A handler that locks as well
/// would wait behind it without end: see `cargo run -p cancellation -- futurelock`.
async fn kept(served: &Served, tick: &Notify) {
    let mut lock = pin!(served.lock());
    loop {
        tokio::select! {
            mut served = &mut lock => return served.push("first"),
            () = tick.notified() => {}
        }
    }
}

/// `first` queues for a held lock, then `second`. `first` sees a tick, and the lock is released.
async fn serve(first: impl AsyncFnOnce(&Served, &Notify)) -> Vec<&'static str> {
    let (served, tick) = (Served::default(), Notify::new());
    let held = served.lock().await;
    let second = async { served.lock().await.push("second") };
    let release = async {
        tick.notify_one();
        // `first` is polled once more, and sees the tick, before this goes on.
        yield_now().await;
        drop(held);
    };
    // In this order at every poll: `join!` would otherwise start elsewhere each time.
    tokio::join!(biased; first(&served, &tick), second, release);
    served.into_inner()
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[tokio::test]
    async fn a_waiter_that_drops_its_lock_is_served_last() {
        for _ in 0..200 {
            assert_eq!(serve(dropped).await, ["second", "first"]);
        }
    }

    #[tokio::test]
    async fn a_waiter_that_keeps_its_lock_is_served_first() {
        for _ in 0..200 {
            assert_eq!(serve(kept).await, ["first", "second"]);
        }
    }

    /// The starvation that `dropped` warns of: a thousand releases, and never its turn.
    #[tokio::test]
    async fn a_waiter_that_queues_anew_each_round_is_never_served() {
        let mutex = Mutex::new(());
        let mut held = mutex.lock().await;
        for _ in 0..1000 {
            let mut anew = Box::pin(mutex.lock());
            assert!(anew.as_mut().now_or_never().is_none());
            let mut other = Box::pin(mutex.lock());
            assert!(other.as_mut().now_or_never().is_none());
            drop(anew);
            let mut anew = Box::pin(mutex.lock());
            assert!(anew.as_mut().now_or_never().is_none());

            drop(held);
            assert!(anew.as_mut().now_or_never().is_none());
            held = other.await;
        }
    }

    /// A lock handed to a waiter that is then dropped is not lost: it goes to the next in line.
    #[tokio::test]
    async fn a_dropped_waiter_passes_on_the_lock_it_was_given() {
        let mutex = Mutex::new(());
        let held = mutex.lock().await;
        let mut first = Box::pin(mutex.lock());
        let mut second = Box::pin(mutex.lock());
        assert!(first.as_mut().now_or_never().is_none());
        assert!(second.as_mut().now_or_never().is_none());

        drop(held);
        assert!(mutex.try_lock().is_err(), "given to `first`, which has not been polled since");
        drop(first);
        assert!(second.now_or_never().is_some());
    }
}
