//! Wrong: makes the future once, and not in each round: it is ready ever after.

use std::pin::pin;
use tokio::sync::Notify;

async fn wait_until(notify: &Notify, mut condition: impl FnMut() -> bool) {
    let mut notified = pin!(notify.notified());
    while !condition() {
        notified.as_mut().await;
    }
}
