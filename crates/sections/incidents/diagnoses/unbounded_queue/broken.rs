use super::{Sensors, handle};
use tokio::sync::mpsc::unbounded_channel;

/// Takes what the sensors have measured, and handles it in its order.
pub async fn ingest(sensors: &Sensors) {
    let (sender, mut events) = unbounded_channel();
    let take = async {
        loop {
            let event = sensors.next().await;
            let _ = sender.send(event);
        }
    };
    let work = async {
        while let Some(event) = events.recv().await {
            handle(event).await;
        }
    };
    tokio::select!(biased; () = take => {}, () = work => {});
}
