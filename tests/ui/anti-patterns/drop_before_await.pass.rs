//! Guide 9.3, deep dive 12.5: the block ends the guard, for the compiler too.

use std::sync::{Arc, Mutex};
use tokio::time::{Duration, sleep};

#[tokio::main]
async fn main() {
    let data = Arc::new(Mutex::new(Vec::new()));
    let user = tokio::spawn(async move {
        {
            let mut lock = data.lock().unwrap();
            lock.push(42);
        }
        sleep(Duration::from_secs(1)).await;
    });
    user.await.expect("the user does not panic");
}
