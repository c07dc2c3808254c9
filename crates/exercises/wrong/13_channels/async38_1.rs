//! Wrong: waits before it has applied the setting that is there.

use tokio::sync::watch::Receiver;

async fn follow(mut settings: Receiver<u32>, mut apply: impl FnMut(u32)) {
    while settings.changed().await.is_ok() {
        let setting = *settings.borrow_and_update();
        apply(setting);
    }
}
