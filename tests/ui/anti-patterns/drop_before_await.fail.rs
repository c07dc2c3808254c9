//! error: future cannot be sent between threads safely
//! Proves G-9.3-5, D-12-10.
//! Guide 9.3, deep dive 12.5: `drop` ends the lock, but a guard once used stays part of the future.

use std::sync::{Arc, Mutex};
use tokio::time::{Duration, sleep};

#[tokio::main]
async fn main() {
    let data = Arc::new(Mutex::new(Vec::new()));
    let user = tokio::spawn(async move {
        let mut lock = data.lock().unwrap();
        lock.push(42);
        drop(lock);
        sleep(Duration::from_secs(1)).await;
    });
    user.await.expect("the user does not panic");
}
