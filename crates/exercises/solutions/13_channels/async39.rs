//! Deep dive 11.4 — `notify_waiters` wakes those that wait now, and nobody later.

use tokio::sync::Notify;

/// Waits until `condition` holds. After each change, somebody calls `notify_waiters`.
async fn wait_until(notify: &Notify, mut condition: impl FnMut() -> bool) {
    loop {
        // `notify_waiters` wakes this future from now on, even before its first poll. (`notify_one`
        // needs an `enable` as well.)
        let notified = notify.notified();
        if condition() {
            return;
        }
        notified.await;
    }
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::paused;
    use std::cell::Cell;
    use std::time::Duration;
    use tokio::time::{Instant, sleep};

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_change_between_the_look_and_the_wait_is_seen() {
        paused(async {
            let (start, notify, looks) = (Instant::now(), Notify::new(), Cell::new(0));
            wait_until(&notify, || {
                looks.set(looks.get() + 1);
                // Somebody changes something just after this look, twice.
                if looks.get() < 3 {
                    notify.notify_waiters();
                }
                looks.get() == 3
            })
            .await;
            assert_eq!(looks.get(), 3);
            assert_eq!(start.elapsed(), Duration::ZERO, "it needs no clock");
        });
    }

    #[test]
    fn each_look_waits_for_a_change() {
        paused(async {
            let (start, notify, looks) = (Instant::now(), Notify::new(), Cell::new(0));
            let waiting = wait_until(&notify, || {
                looks.set(looks.get() + 1);
                assert!(looks.get() <= 3, "it looks although nothing has changed");
                start.elapsed() >= 2 * SECOND
            });
            let changing = async {
                for _ in 0..2 {
                    sleep(SECOND).await;
                    notify.notify_waiters();
                }
            };
            tokio::join!(waiting, changing);
            assert_eq!((looks.get(), start.elapsed()), (3, 2 * SECOND));
        });
    }
}
