//! error: future cannot be sent between threads safely
//! Deep dive 11.4: the lock of a `borrow` in the head of a `match` lasts to its end, although only a clone is used.

use tokio::sync::watch;
use tokio::time::{Duration, sleep};

#[tokio::main]
async fn main() {
    let (_tx, rx) = watch::channel("shutdown".to_string());
    let reader = tokio::spawn(async move {
        match rx.borrow().clone().as_str() {
            "shutdown" => sleep(Duration::from_millis(1)).await,
            other => println!("{other}"),
        }
    });
    reader.await.expect("the reader does not panic");
}
