//! Deep dive 11.4: the value is copied out, and the lock ends with the statement.

use tokio::sync::watch;
use tokio::time::{Duration, sleep};

#[tokio::main]
async fn main() {
    let (_tx, rx) = watch::channel(5);
    let reader = tokio::spawn(async move {
        let value = *rx.borrow();
        sleep(Duration::from_millis(1)).await;
        println!("{value}");
    });
    reader.await.expect("the reader does not panic");
}
