//! Wrong: gives up the handler's part, so that 10 is never added.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::{sleep, timeout};

async fn add(total: Arc<Mutex<u32>>, amount: u32) {
    *total.lock().await += amount;
}

async fn patient(total: Arc<Mutex<u32>>) {
    let mut adding = pin!(add(total.clone(), 1));
    loop {
        tokio::select! {
            () = &mut adding => return,
            () = sleep(Duration::from_secs(1)) => {
                let _ = timeout(Duration::from_secs(9), add(total.clone(), 10)).await;
            }
        }
    }
}
