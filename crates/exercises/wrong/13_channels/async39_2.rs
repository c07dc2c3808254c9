//! Wrong: looks once more after a while, which is polling.

use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::timeout;

async fn wait_until(notify: &Notify, mut condition: impl FnMut() -> bool) {
    while !condition() {
        let _ = timeout(Duration::from_millis(10), notify.notified()).await;
    }
}
