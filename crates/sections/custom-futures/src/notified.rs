//! Deep dive 3.2 — `notify_waiters` is lost on a `notified()` that comes later, and on no other.
//!
//! To take to work: `cargo run -- copy wait_until`.

use std::future::ready;
use std::pin::pin;
use tokio::sync::Notify;

#[tokio::main]
pub async fn main() {
    println!("check, notify_waiters, notified(): woken {}", checked_first().await);
    println!("notified(), check, notify_waiters: woken {}", notified_first().await);
    println!("two notified(), two notify_one: woken {}", two_of(false).await);
    println!("two notified(), enabled, two notify_one: woken {}", two_of(true).await);
}

/// Wrong: when the event comes nobody waits for it, and it leaves nothing behind.
async fn checked_first() -> usize {
    let event = Notify::new();
    // The condition was checked here, and another task meets it now:
    event.notify_waiters();
    woken([event.notified()]).await
}

/// Right: it is woken by what comes after this call, though nothing has polled it yet.
async fn notified_first() -> usize {
    let event = Notify::new();
    let notified = event.notified();
    event.notify_waiters();
    woken([notified]).await
}

/// `notify_one` counts waiters, not calls: without one it keeps a single wake-up for the next. To
/// wait without being polled takes `enable`.
async fn two_of(enable: bool) -> usize {
    let event = Notify::new();
    let mut waits = [pin!(event.notified()), pin!(event.notified())];
    for wait in &mut waits {
        let _is_woken = enable && wait.as_mut().enable();
    }
    event.notify_one();
    event.notify_one();
    woken(waits).await
}

/// Counts those that are done at their first poll. The others wait for the next event.
async fn woken<const N: usize>(waits: [impl Future<Output = ()>; N]) -> usize {
    let mut woken = 0;
    for wait in waits {
        woken += tokio::select!(biased; () = wait => 1, () = ready(()) => 0);
    }
    woken
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering};
    use tokio::time::{Duration, timeout};

    #[tokio::test]
    async fn an_event_between_the_check_and_notified_is_lost() {
        assert_eq!(checked_first().await, 0);
    }

    /// So `enable` is not needed here, whatever one reads.
    #[tokio::test]
    async fn an_event_after_notified_is_not_lost_though_nothing_was_polled_or_enabled() {
        assert_eq!(notified_first().await, 1);
    }

    #[tokio::test]
    async fn of_two_notify_one_one_is_stored_unless_both_waiters_are_enabled() {
        assert_eq!(two_of(false).await, 1);
        assert_eq!(two_of(true).await, 2);
    }

    /// The order of every such wait: `notified`, then the check.
    #[tokio::test(start_paused = true)]
    async fn checked_after_notified_no_order_of_events_hangs() {
        for moment in 0..3 {
            let (event, open) = (Notify::new(), AtomicBool::new(false));
            let at = |now| {
                if now == moment {
                    open.store(true, Ordering::Release);
                    event.notify_waiters();
                }
            };
            at(0);
            let notified = event.notified();
            at(1);
            if !open.load(Ordering::Acquire) {
                at(2);
                timeout(Duration::from_secs(3600), notified).await.unwrap();
            }
        }
    }

    /// The bad order, as a hang: an hour of the paused clock.
    #[tokio::test(start_paused = true)]
    async fn checked_before_notified_it_waits_without_end() {
        let event = Notify::new();
        event.notify_waiters();
        timeout(Duration::from_secs(3600), event.notified()).await.unwrap_err();
    }

    /// The one that is stored serves a waiter that comes late.
    #[tokio::test]
    async fn notify_one_is_kept_for_the_next_waiter() {
        let event = Notify::new();
        event.notify_one();
        assert_eq!(woken([event.notified()]).await, 1);
        assert_eq!(woken([event.notified()]).await, 0);
    }
}
