//! Guide 10.4 — `close(self)` awaits the clean-up and reports its error, which no `drop` can.

use std::io;
use tokio::time::{Duration, sleep};

#[tokio::main]
pub async fn main() -> io::Result<()> {
    let resource = AsyncResource::new("DB接続");
    resource.use_resource().await;
    resource.close().await
}

struct AsyncResource {
    name: &'static str,
    closed: bool,
}

impl AsyncResource {
    fn new(name: &'static str) -> Self {
        println!("リソース '{name}' を作成");
        Self { name, closed: false }
    }

    async fn use_resource(&self) {
        println!("リソース '{}' を使用中", self.name);
        sleep(Duration::from_millis(100)).await;
    }

    /// Takes the resource, so that nobody can use it afterwards. Cancelled, it counts as forgotten.
    async fn close(mut self) -> io::Result<()> {
        sleep(Duration::from_millis(50)).await;
        println!("リソース '{}' の非同期クリーンアップ完了", self.name);
        self.closed = true;
        Ok(())
    }
}

impl Drop for AsyncResource {
    fn drop(&mut self) {
        // The compiler does not see a forgotten `close`; this is all that can be done about it.
        if !self.closed {
            eprintln!("リソース '{}' is dropped without `close`", self.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::{Instant, timeout};
    use utils::probe::in_child;

    #[tokio::test(start_paused = true)]
    async fn close_takes_as_long_as_the_cleanup() {
        let start = Instant::now();
        AsyncResource::new("DB接続").close().await.unwrap();
        assert_eq!(start.elapsed(), Duration::from_millis(50));
    }

    #[test]
    fn a_forgotten_close_is_reported() {
        let ended = in_child(Duration::from_secs(60), || drop(AsyncResource::new("DB接続")));
        assert_eq!(ended.stderr, "リソース 'DB接続' is dropped without `close`\n");
    }

    #[test]
    fn a_cancelled_close_counts_as_forgotten() {
        let ended = in_child(Duration::from_secs(60), || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async {
                let close = AsyncResource::new("DB接続").close();
                timeout(Duration::ZERO, close).await.unwrap_err();
            });
        });
        assert_eq!(ended.stderr, "リソース 'DB接続' is dropped without `close`\n");
    }
}
