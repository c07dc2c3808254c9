//! Wrong: marks what it has not read.

use tokio::sync::watch::Receiver;

async fn follow(mut settings: Receiver<u32>, mut apply: impl FnMut(u32)) {
    loop {
        let setting = *settings.borrow();
        apply(setting);
        settings.mark_unchanged();
        if settings.changed().await.is_err() {
            return;
        }
    }
}
