//! Deep dive 11.4 — A watch has one value, and each receiver knows if it has seen it.
//!
//! `changed` waits for a value that this receiver has not seen. `borrow` reads the value and does
//! not mark it as seen, so a loop with `borrow` can take one value twice.
//!
//! Fails first: the test `each_setting_is_applied_once` fails.

use tokio::sync::watch::Receiver;

/// Applies the setting that it finds, and each newer one, until there is no sender. A borrow
/// locks the value, so none lives while `apply` runs.
async fn follow(mut settings: Receiver<u32>, mut apply: impl FnMut(u32)) {
    loop {
        // TODO: If the value changes before this line, `changed` below reports it once more.
        let setting = *settings.borrow();
        apply(setting);
        if settings.changed().await.is_err() {
            return;
        }
    }
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::paused;
    use std::{sync::mpsc, thread, time::Duration};
    use tokio::sync::watch;
    use tokio::task::yield_now;

    #[test]
    fn each_setting_is_applied_once() {
        paused(async {
            let (sender, receiver) = watch::channel(0);
            // It changes before anybody looks.
            sender.send(1).unwrap();
            let following = tokio::spawn(async move {
                let mut applied = Vec::new();
                follow(receiver, |setting| applied.push(setting)).await;
                applied
            });
            yield_now().await;
            for setting in [2, 3] {
                sender.send(setting).unwrap();
                yield_now().await;
            }
            drop(sender);
            assert_eq!(following.await.unwrap(), [1, 2, 3]);
        });
    }

    #[test]
    fn the_first_setting_is_applied_although_nothing_changes() {
        paused(async {
            let (sender, receiver) = watch::channel(7);
            drop(sender);
            let mut applied = Vec::new();
            follow(receiver, |setting| applied.push(setting)).await;
            assert_eq!(applied, [7]);
        });
    }

    #[test]
    fn a_setting_that_comes_while_another_is_applied_is_not_lost() {
        paused(async {
            let (sender, receiver) = watch::channel(1);
            let mut applied = Vec::new();
            let mut sender = Some(sender);
            follow(receiver, |setting| {
                applied.push(setting);
                // During the first call another thread sends a setting, and then there is no sender.
                let Some(sender) = sender.take() else { return };
                let (done, is_done) = mpsc::channel();
                thread::spawn(move || {
                    let _ = sender.send(2);
                    drop(sender);
                    let _ = done.send(());
                });
                let limit = Duration::from_secs(5);
                is_done.recv_timeout(limit).expect("no borrow locks the value while it is applied");
            })
            .await;
            assert_eq!(applied, [1, 2]);
        });
    }
}
