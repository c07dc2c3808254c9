//! FAQ Q3 — A trait with an `async fn` cannot be a `dyn`.
//!
//! Each implementation returns a future of its own type and size. A boxed future has one type for
//! all implementations, and this type can say that it is `Send`.
//!
//! Fails first: it does not compile: E0038.

use tokio::task::yield_now;

// TODO: A `dyn Store` needs futures of one type.
trait Store: Send + Sync {
    async fn load(&self, key: u32) -> String;
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
