//! error: future cannot be sent between threads safely
//! Proves G-9.3-1, D-12-10.
//! Guide 9.3: the guard of `std::sync::Mutex` must not reach an `.await` of a spawned task.

use std::sync::{Arc, Mutex};
use tokio::time::{Duration, sleep};

#[tokio::main]
async fn main() {
    let data = Arc::new(Mutex::new(Vec::new()));
    let d = data.clone();
    let user = tokio::spawn(async move {
        let mut lock = d.lock().unwrap();
        sleep(Duration::from_secs(1)).await;
        lock.push(42);
    });
    user.await.expect("the user does not panic");
}
