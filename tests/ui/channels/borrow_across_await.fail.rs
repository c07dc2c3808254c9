//! error: future cannot be sent between threads safely
//! Deep dive 11.4: what `borrow` returns is a lock, and must not reach an `.await` of a spawned task.

use tokio::sync::watch;
use tokio::time::{Duration, sleep};

#[tokio::main]
async fn main() {
    let (_tx, rx) = watch::channel(5);
    let reader = tokio::spawn(async move {
        let value = rx.borrow();
        sleep(Duration::from_millis(1)).await;
        println!("{}", *value);
    });
    reader.await.expect("the reader does not panic");
}
