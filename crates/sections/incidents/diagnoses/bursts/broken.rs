use super::Monitor;
use tokio::time::{Duration, interval};

/// Tells the monitor each 5 s that this service is alive.
pub async fn heartbeats(monitor: &Monitor) {
    let mut due = interval(Duration::from_secs(5));
    loop {
        due.tick().await;
        monitor.beat();
    }
}
