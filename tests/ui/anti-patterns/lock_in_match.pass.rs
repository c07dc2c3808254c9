//! Guide 9.3: a guard made in a `let` that keeps only the length ends with that statement.

use std::sync::{Arc, Mutex};
use tokio::time::{Duration, sleep};

#[tokio::main]
async fn main() {
    let data = Arc::new(Mutex::new(vec![42]));
    let user = tokio::spawn(async move {
        let len = data.lock().unwrap().len();
        match len {
            0 => {}
            _ => sleep(Duration::from_secs(1)).await,
        }
    });
    user.await.expect("the user does not panic");
}
