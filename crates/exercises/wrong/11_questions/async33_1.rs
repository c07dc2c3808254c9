//! Wrong, and does not compile: boxes futures that no other thread may have.

use std::pin::Pin;
use tokio::task::yield_now;

type Loading<'a> = Pin<Box<dyn Future<Output = String> + 'a>>;

trait Store: Send + Sync {
    fn load(&self, key: u32) -> Loading<'_>;
}

struct Memory(&'static str);

impl Store for Memory {
    fn load(&self, key: u32) -> Loading<'_> {
        Box::pin(async move {
            yield_now().await;
            format!("{} {key}", self.0)
        })
    }
}

struct Fallback(Box<dyn Store>, Box<dyn Store>);

impl Store for Fallback {
    fn load(&self, key: u32) -> Loading<'_> {
        Box::pin(
            async move { if key < 10 { self.0.load(key).await } else { self.1.load(key).await } },
        )
    }
}
