//! Wrong: waits for a place, without a limit.

use tokio::sync::mpsc::Sender;

#[derive(Debug, PartialEq)]
struct Order(u32);

async fn send(queue: &Sender<Order>, order: Order) -> Result<(), Order> {
    queue.send(order).await.map_err(|error| error.0)
}
