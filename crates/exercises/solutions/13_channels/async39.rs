//! Deep dive 11 — `notify_waiters` wakes those that wait, and leaves nothing for later.

use std::pin::pin;
use tokio::sync::Notify;

/// Waits until `condition` holds. Who changes something calls `notify_waiters`.
async fn wait_until(notify: &Notify, mut condition: impl FnMut() -> bool) {
    loop {
        let mut notified = pin!(notify.notified());
        // From here on a call is noticed, even if it comes before the wait.
        notified.as_mut().enable();
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
    use tokio::time::Instant;

    #[test]
    fn a_change_between_the_look_and_the_wait_is_seen() {
        paused(async {
            let (start, notify, looks) = (Instant::now(), Notify::new(), Cell::new(0));
            wait_until(&notify, || {
                looks.set(looks.get() + 1);
                // Somebody changes something just after this look, for each of the first two.
                if looks.get() < 3 {
                    notify.notify_waiters();
                }
                looks.get() == 3
            })
            .await;
            assert_eq!(looks.get(), 3);
            assert_eq!(start.elapsed().as_millis(), 0, "nobody looked at the clock");
        });
    }
}
