//! Wrong: asks again and again with try_lock: the lock is promised to the future in line.

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
            () = sleep(Duration::from_secs(1)) => loop {
                if let Ok(mut total) = total.try_lock() {
                    *total += 10;
                    break;
                }
                let _ = timeout(Duration::from_secs(1), std::future::pending::<()>()).await;
            },
        }
    }
}
