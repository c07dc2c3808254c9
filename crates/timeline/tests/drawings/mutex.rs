//! A lock goes from the one who has it to the one who waits, without a moment in which it is free.

use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::sleep;

pub fn drawing() -> timeline::Drawing {
    timeline::draw(program())
}

async fn program() {
    let lock = Arc::new(Mutex::new(0));
    let first = tokio::spawn(add(lock.clone()));
    let second = tokio::spawn(add(lock));
    first.await.unwrap();
    second.await.unwrap();
}

async fn add(lock: Arc<Mutex<u32>>) {
    let mut sum = lock.lock().await;
    sleep(Duration::from_millis(10)).await;
    *sum += 1;
}
