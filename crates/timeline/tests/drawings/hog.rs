//! A task that blocks its thread keeps the others from running, though they were woken long ago.

use std::time::Duration;
use tokio::time::sleep;

pub fn drawing() -> timeline::Drawing {
    timeline::draw(program())
}

async fn program() {
    let hog = tokio::spawn(async { std::thread::sleep(Duration::from_millis(400)) });
    let other = tokio::spawn(async { sleep(Duration::from_millis(10)).await });
    hog.await.unwrap();
    other.await.unwrap();
}
