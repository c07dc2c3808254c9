//! Guide 10.4 — A clean-up that `drop` hands to a task is lost when the runtime ends first.

use tokio::sync::oneshot;
use tokio::time::{Duration, sleep};

/// On one thread the loss is certain: nothing awaits after the drop. On several it is a race.
#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let resource = AsyncResource::new("DB接続");
    resource.use_resource().await;
}

struct AsyncResource {
    name: &'static str,
    /// Never used: that it is dropped with the resource is the signal.
    _cleanup: oneshot::Sender<()>,
}

impl AsyncResource {
    fn new(name: &'static str) -> Self {
        println!("リソース '{name}' を作成");
        let (cleanup, dropped) = oneshot::channel();
        tokio::spawn(async move {
            let _ = dropped.await;
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
    use utils::probe::in_child;

    /// Proves G-10.4-1.
    #[test]
    fn on_one_thread_the_cleanup_never_runs() {
        let ended = in_child(Duration::from_secs(60), || {
            main();
        });
        assert!(ended.status.success());
        assert!(ended.stdout.contains("リソース 'DB接続' をドロップ (同期部分)"), "{ended:#?}");
        assert!(!ended.stdout.contains("クリーンアップ完了"), "{ended:#?}");
    }

    /// Not even a `main` that goes on for a while saves a clean-up that itself has to wait.
    /// Proves G-10.4-2.
    #[test]
    fn a_cleanup_that_awaits_is_cut_off_by_the_end_of_the_runtime() {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let (started, has_started) = oneshot::channel();
        let (done, is_done) = oneshot::channel();
        runtime.block_on(async {
            let (resource, dropped) = oneshot::channel::<()>();
            tokio::spawn(async move {
                dropped.await.unwrap_err();
                started.send(()).unwrap();
                std::future::pending::<()>().await;
                done.send(()).unwrap();
            });
            drop(resource);
            has_started.await.unwrap();
        });
        drop(runtime);
        is_done.blocking_recv().unwrap_err();
    }

    /// Proves G-10.4-4.
    #[test]
    #[should_panic = "there is no reactor running, must be called from the context of a Tokio 1.x \
                      runtime"]
    fn a_resource_cannot_be_made_outside_a_runtime() {
        AsyncResource::new("DB接続");
    }
}
