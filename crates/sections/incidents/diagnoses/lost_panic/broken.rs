use super::{Order, send};
use tokio::sync::mpsc::Receiver;

/// Sends the mails of all orders.
pub async fn mails(mut orders: Receiver<Order>) {
    while let Some(order) = orders.recv().await {
        send(order).await;
    }
}
