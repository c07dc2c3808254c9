use super::{Order, report, send};
use tokio::sync::mpsc::Receiver;

/// Sends the mails of all orders.
pub async fn mails(mut orders: Receiver<Order>) {
    while let Some(order) = orders.recv().await {
        if let Err(error) = tokio::spawn(send(order)).await {
            report(order, &error);
        }
    }
}
