//! Guide 10.4 — A clean-up cannot get lost when the program awaits all of them before it ends.

use tokio::sync::oneshot;
use tokio::time::{Duration, sleep};
use tokio_util::task::TaskTracker;

#[tokio::main]
pub async fn main() {
    let cleanups = TaskTracker::new();

    let resource = AsyncResource::new("DB接続", &cleanups);
    resource.use_resource().await;
    drop(resource);

    // Closed, `wait` ends with the last task. Put this where the program ends, not in a `Drop`.
    cleanups.close();
    cleanups.wait().await;
}

struct AsyncResource {
    name: String,
    /// Fields are dropped after the body of `drop`: the clean-up starts when that has ended.
    _cleanup: oneshot::Sender<()>,
}

impl AsyncResource {
    /// # Panics
    ///
    /// Outside a Tokio runtime, since it spawns a task.
    fn new(name: &str, cleanups: &TaskTracker) -> Self {
        println!("リソース '{name}' を作成");
        let (cleanup, dropped) = oneshot::channel();
        let name = name.to_string();
        cleanups.spawn({
            let name = name.clone();
            async move {
                // An error, since nothing is ever sent; both mean that the resource is gone.
                let _ = dropped.await;
                // The goodbye to a server, say: here it may take its time.
                sleep(Duration::from_millis(50)).await;
                println!("リソース '{name}' の非同期クリーンアップ完了");
            }
        });
        Self { name, _cleanup: cleanup }
    }

    async fn use_resource(&self) {
        println!("リソース '{}' を使用中", self.name);
        sleep(Duration::from_millis(100)).await;
    }
}

impl Drop for AsyncResource {
    fn drop(&mut self) {
        println!("リソース '{}' をドロップ (同期部分)", self.name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::Instant;

    /// Proves G-10.4-2, G-10.4-3.
    #[tokio::test(start_paused = true)]
    async fn waiting_takes_as_long_as_the_cleanups() {
        let cleanups = TaskTracker::new();
        for name in ["a", "b", "c"] {
            drop(AsyncResource::new(name, &cleanups));
        }
        assert_eq!(cleanups.len(), 3);
        let start = Instant::now();
        cleanups.close();
        cleanups.wait().await;
        assert_eq!(start.elapsed(), Duration::from_millis(50));
        assert!(cleanups.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn a_resource_still_in_use_is_waited_for() {
        let cleanups = TaskTracker::new();
        let resource = AsyncResource::new("used", &cleanups);
        tokio::spawn(async move {
            resource.use_resource().await;
        });
        let start = Instant::now();
        cleanups.close();
        cleanups.wait().await;
        assert_eq!(start.elapsed(), Duration::from_millis(150));
    }
}
