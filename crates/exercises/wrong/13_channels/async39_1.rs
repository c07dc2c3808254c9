//! Wrong: gets in line once, and not in each round.

use std::pin::pin;
use tokio::sync::Notify;

async fn wait_until(notify: &Notify, mut condition: impl FnMut() -> bool) {
    let mut notified = pin!(notify.notified());
    notified.as_mut().enable();
    while !condition() {
        if notified.as_mut().enable() {
            notify.notified().await;
        } else {
            notified.as_mut().await;
        }
    }
}
