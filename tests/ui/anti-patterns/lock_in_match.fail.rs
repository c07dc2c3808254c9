//! error: future cannot be sent between threads safely
//! Proves G-9.3-5.
//! Guide 9.3: a guard made in the head of a `match` lives through all its arms.

use std::sync::{Arc, Mutex};
use tokio::time::{Duration, sleep};

#[tokio::main]
async fn main() {
    let data = Arc::new(Mutex::new(vec![42]));
    let user = tokio::spawn(async move {
        match data.lock().unwrap().len() {
            0 => {}
            _ => sleep(Duration::from_secs(1)).await,
        }
    });
    user.await.expect("the user does not panic");
}
