//! Guide 10.4 — No clean-up is lost if the program awaits all clean-ups at its end.
//!
//! To take to work: `cargo run -- copy tracked_cleanup`.

use tokio::sync::oneshot;
use tokio::time::{Duration, sleep, timeout};
use tokio_util::task::TaskTracker;

#[tokio::main]
pub async fn main() {
    let cleanups = TaskTracker::new();
    let resource = AsyncResource::new("DB接続", &cleanups);
    resource.use_resource().await;
    drop(resource);
    // Put this where the program ends, not in a `Drop`.
    let left = finish(&cleanups).await;
    if left > 0 {
        eprintln!("{left} clean-ups have not ended after 5 s");
    }
}

/// Waits for the clean-ups. Returns how many are lost, since they have not ended in time.
async fn finish(cleanups: &TaskTracker) -> usize {
    // Closed, `wait` ends with the last task.
    cleanups.close();
    // That of a leaked resource never begins: without a limit the program would not end.
    let _ = timeout(Duration::from_secs(5), cleanups.wait()).await;
    cleanups.len()
}

struct AsyncResource {
    name: &'static str,
    _cleanup: oneshot::Sender<()>,
}

impl AsyncResource {
    fn new(name: &'static str, cleanups: &TaskTracker) -> Self {
        println!("リソース '{name}' を作成");
        let (cleanup, dropped) = oneshot::channel();
        cleanups.spawn(async move {
            // An error, since nothing is ever sent; both mean that the resource is gone.
            let _ = dropped.await;
            sleep(Duration::from_millis(50)).await;
            println!("リソース '{name}' の非同期クリーンアップ完了");
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
    use std::mem::forget;
    use std::sync::{Arc, Mutex};
    use tokio::time::Instant;
    use utils::probe::in_child;

    /// Proves G-10.4-2, G-10.4-3.
    #[tokio::test(start_paused = true)]
    async fn waiting_takes_as_long_as_the_cleanups() {
        let cleanups = TaskTracker::new();
        for name in ["a", "b", "c"] {
            drop(AsyncResource::new(name, &cleanups));
        }
        assert_eq!(cleanups.len(), 3);
        let start = Instant::now();
        assert_eq!(finish(&cleanups).await, 0);
        assert_eq!(start.elapsed(), Duration::from_millis(50));
    }

    #[tokio::test(start_paused = true)]
    async fn a_resource_still_in_use_is_waited_for() {
        let cleanups = TaskTracker::new();
        let resource = AsyncResource::new("used", &cleanups);
        tokio::spawn(async move {
            resource.use_resource().await;
        });
        let start = Instant::now();
        assert_eq!(finish(&cleanups).await, 0);
        assert_eq!(start.elapsed(), Duration::from_millis(150));
    }

    /// Safe code keeps a resource from being dropped in several ways.
    /// Proves G-10.4-2.
    #[tokio::test(start_paused = true)]
    async fn resources_that_are_never_dropped_are_waited_for_5_s_and_counted() {
        struct Cycle {
            _resource: AsyncResource,
            _me: Mutex<Option<Arc<Cycle>>>,
        }
        static KEPT: Mutex<Option<AsyncResource>> = Mutex::new(None);

        let cleanups = TaskTracker::new();
        let new = |name| AsyncResource::new(name, &cleanups);
        drop(new("dropped"));
        forget(new("leaked"));
        *KEPT.lock().unwrap() = Some(new("static"));
        let cycle = Arc::new(Cycle { _resource: new("cycle"), _me: Mutex::new(None) });
        *cycle._me.lock().unwrap() = Some(Arc::clone(&cycle));
        drop(cycle);

        let start = Instant::now();
        assert_eq!(finish(&cleanups).await, 3);
        assert_eq!(start.elapsed(), Duration::from_secs(5));
    }

    /// The clean-up that hangs is lost, and those that do not are not.
    #[test]
    fn the_program_ends_though_a_resource_is_leaked() {
        let ended = in_child(Duration::from_secs(60), || {
            let mut builder = tokio::runtime::Builder::new_current_thread();
            let runtime = builder.enable_time().start_paused(true).build().unwrap();
            let left = runtime.block_on(async {
                let cleanups = TaskTracker::new();
                forget(AsyncResource::new("leaked", &cleanups));
                drop(AsyncResource::new("dropped", &cleanups));
                finish(&cleanups).await
            });
            drop(runtime);
            println!("left: {left}");
        });
        assert!(!ended.hung, "{ended:#?}");
        let done = ended.stdout.lines().filter(|line| line.ends_with("クリーンアップ完了"));
        assert_eq!(done.collect::<Vec<_>>(), ["リソース 'dropped' の非同期クリーンアップ完了"]);
        assert!(ended.stdout.contains("left: 1"), "{ended:#?}");
    }
}
