//! FAQ Q3 — A trait with an `async fn` cannot be a `dyn`.

use std::pin::Pin;
use tokio::task::yield_now;

// The pointer has the same type for every future, so a `dyn Store` knows what `load` returns.
type Loading<'a> = Pin<Box<dyn Future<Output = String> + Send + 'a>>;

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

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::paused;

    #[test]
    fn stores_of_any_type_load_in_a_task() {
        paused(async {
            let store = Fallback(Box::new(Memory("near")), Box::new(Memory("far")));
            let task = tokio::spawn(async move { (store.load(1).await, store.load(10).await) });
            assert_eq!(task.await.unwrap(), ("near 1".to_string(), "far 10".to_string()));
        });
    }
}
