//! Wrong, and does not compile: returns impl Future, which is as many types as before.

use tokio::task::yield_now;

trait Store: Send + Sync {
    fn load(&self, key: u32) -> impl Future<Output = String> + Send;
}

struct Memory(&'static str);

impl Store for Memory {
    async fn load(&self, key: u32) -> String {
        yield_now().await;
        format!("{} {key}", self.0)
    }
}

struct Fallback(Box<dyn Store>, Box<dyn Store>);

impl Store for Fallback {
    async fn load(&self, key: u32) -> String {
        if key < 10 { self.0.load(key).await } else { self.1.load(key).await }
    }
}
