//! Deep dive 11.4: with a statement of its own the lock ends before the `match`.

use tokio::sync::watch;
use tokio::time::{Duration, sleep};

#[tokio::main]
async fn main() {
    let (_tx, rx) = watch::channel("shutdown".to_string());
    let reader = tokio::spawn(async move {
        let value = rx.borrow().clone();
        match value.as_str() {
            "shutdown" => sleep(Duration::from_millis(1)).await,
            other => println!("{other}"),
        }
    });
    reader.await.expect("the reader does not panic");
}
