//! Wrong: takes the first that is ready, and waits for the other afterwards.

use std::time::Duration;
use tokio::time::sleep;

async fn weather() -> &'static str {
    sleep(Duration::from_secs(2)).await;
    "sunny"
}

async fn traffic() -> &'static str {
    sleep(Duration::from_secs(3)).await;
    "dense"
}

async fn report() -> String {
    tokio::select! {
        weather = weather() => format!("{weather}, {}", traffic().await),
        traffic = traffic() => format!("{}, {traffic}", weather().await),
    }
}
