//! Guide 9.3: locked after the `.await` and unlocked by the end of the block.

use std::sync::{Arc, Mutex};
use tokio::time::{Duration, sleep};

#[tokio::main]
async fn main() {
    let data = Arc::new(Mutex::new(Vec::new()));
    let d = data.clone();
    let user = tokio::spawn(async move {
        sleep(Duration::from_secs(1)).await;
        {
            let mut lock = d.lock().unwrap();
            lock.push(42);
        }
    });
    user.await.expect("the user does not panic");
}
