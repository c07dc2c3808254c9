//! Deep dive 11.3: what cannot be cloned, or is large, is sent in an `Arc`.

use std::sync::Arc;
use tokio::sync::broadcast;

struct Event(u32);

#[tokio::main]
async fn main() {
    let (tx, _rx) = broadcast::channel(16);
    println!("{}", tx.send(Arc::new(Event(1))).map_err(|error| error.0.0).is_ok());
}
