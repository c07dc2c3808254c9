//! Wrong: drops the guard by hand, which the compiler sees, and changes a copy.

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
