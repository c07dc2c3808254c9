use super::Monitor;
use tokio::time::{Duration, MissedTickBehavior, interval};

/// Tells the monitor each 5 s that this service is alive.
pub async fn heartbeats(monitor: &Monitor) {
    let mut due = interval(Duration::from_secs(5));
    due.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        due.tick().await;
        monitor.beat();
    }
}
