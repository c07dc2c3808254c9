//! Wrong: makes both futures first, which starts neither.

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
    let (weather, traffic) = (weather(), traffic());
    format!("{}, {}", weather.await, traffic.await)
}
