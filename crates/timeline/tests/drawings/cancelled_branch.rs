//! A timeout drops what it waits for in the middle of its work, with the lock that it has.

use std::time::Duration;
use timeline::named;
use tokio::sync::Mutex;
use tokio::time::{sleep, timeout};

pub fn drawing() -> timeline::Drawing {
    timeline::draw(program())
}

async fn program() {
    let lock = Mutex::new(());
    let write = named("write", async {
        let _guard = lock.lock().await;
        sleep(Duration::from_millis(100)).await;
    });
    timeout(Duration::from_millis(30), write).await.unwrap_err();
    let _guard = lock.lock().await;
}
