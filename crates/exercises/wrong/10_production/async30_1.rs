//! Wrong: does not wait at all.

use tokio::sync::mpsc::Sender;
use tokio::sync::mpsc::error::TrySendError;

#[derive(Debug, PartialEq)]
struct Order(u32);

async fn send(queue: &Sender<Order>, order: Order) -> Result<(), Order> {
    queue.try_send(order).map_err(|error| match error {
        TrySendError::Full(order) | TrySendError::Closed(order) => order,
    })
}
