//! Wrong: releases the lock between reading and writing, and loses what others wrote.

use std::sync::{Arc, Mutex};
use tokio::task::yield_now;

async fn look_up(amount: u32) -> u32 {
    yield_now().await;
    amount
}

async fn add(total: Arc<Mutex<u32>>, amount: u32) {
    let before = *total.lock().unwrap();
    let after = before + look_up(amount).await;
    *total.lock().unwrap() = after;
}
