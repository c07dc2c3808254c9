//! error[E0277]: the trait bound `Event: Clone` is not satisfied
//! Deep dive 11.3: every subscriber gets the value, so each gets a clone.

use tokio::sync::broadcast;

struct Event(u32);

#[tokio::main]
async fn main() {
    let (tx, _rx) = broadcast::channel(16);
    println!("{}", tx.send(Event(1)).map_err(|error| error.0.0).is_ok());
}
