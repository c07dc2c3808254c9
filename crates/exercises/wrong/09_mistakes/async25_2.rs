//! Wrong: changes a copy of the total, and never writes it back.

use std::sync::{Arc, Mutex};
use tokio::task::yield_now;

async fn look_up(amount: u32) -> u32 {
    yield_now().await;
    amount
}

async fn add(total: Arc<Mutex<u32>>, amount: u32) {
    let mut copy = { *total.lock().unwrap() };
    copy += look_up(amount).await;
    let _ = copy;
}
