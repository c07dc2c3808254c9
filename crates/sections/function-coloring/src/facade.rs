//! Deep dive 10.4 — A sync facade owns a runtime; inside another runtime it returns an error and no panic.
//!
//! To take to work: `cargo run -- copy sync_facade`.

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::time::{Duration, sleep};

pub fn main() -> anyhow::Result<()> {
    let client = BlockingClient::new()?;
    println!("main: {}", client.user(1)?);

    Builder::new_current_thread().enable_time().build()?.block_on(async {
        match client.user(2) {
            Ok(user) => println!("async fn: {user}"),
            Err(error) => println!("async fn: {error}"),
        }
        println!("async fn, awaited: {}", user(2).await);
        drop(client);
        println!("async fn: dropped");
    });
    Ok(())
}

/// The async layer: all work is done here.
async fn user(id: u64) -> String {
    sleep(Duration::from_millis(10)).await;
    format!("User#{id}")
}

/// The sync layer: the same calls, each waits for its answer.
struct BlockingClient {
    handle: Handle,
    /// Taken by `drop` alone.
    runtime: Option<Runtime>,
}

impl BlockingClient {
    fn new() -> std::io::Result<Self> {
        // Its worker goes on between the calls, where a `current_thread` runtime stands still.
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        Ok(Self { handle: runtime.handle().clone(), runtime: Some(runtime) })
    }

    fn user(&self, id: u64) -> anyhow::Result<String> {
        // Tokio tells whether there is a runtime, not whether this thread may block.
        let inside = Handle::try_current().is_ok();
        anyhow::ensure!(!inside, "a synchronous call in a runtime: await the async client instead");
        Ok(self.handle.block_on(user(id)))
    }
}

impl Drop for BlockingClient {
    /// The drop of a `Runtime` blocks, so in async code it panics. This neither blocks nor panics.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::mpsc::{RecvTimeoutError, channel};
    use tokio::task::{block_in_place, spawn_blocking};
    use tokio::time::timeout;

    /// Far longer than anything here needs.
    const FREE: Duration = Duration::from_secs(5);

    const REFUSED: &str = "a synchronous call in a runtime: await the async client instead";

    fn refusal(result: anyhow::Result<String>) -> String {
        result.unwrap_err().to_string()
    }

    fn panic_of(work: impl FnOnce()) -> &'static str {
        catch_unwind(AssertUnwindSafe(work)).unwrap_err().downcast_ref::<&str>().unwrap()
    }

    /// Proves D-10-9.
    #[test]
    fn a_thread_without_a_runtime_gets_its_answer() {
        assert_eq!(BlockingClient::new().unwrap().user(1).unwrap(), "User#1");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn inside_a_runtime_every_call_is_an_error() {
        let client = BlockingClient::new().unwrap();
        assert_eq!(refusal(client.user(1)), REFUSED);
        assert_eq!(refusal(block_in_place(|| client.user(1))), REFUSED);
        let task = tokio::spawn(async move { client.user(1) });
        assert_eq!(refusal(task.await.unwrap()), REFUSED);
    }

    #[test]
    fn an_entered_runtime_is_refused_though_block_on_would_work() {
        let client = BlockingClient::new().unwrap();
        let runtime = Builder::new_current_thread().build().unwrap();
        let _guard = runtime.enter();
        assert_eq!(refusal(client.user(1)), REFUSED);
        assert_eq!(client.handle.block_on(user(1)), "User#1");
    }

    #[tokio::test]
    async fn spawn_blocking_is_refused_and_runs_the_async_layer_itself() {
        let client = BlockingClient::new().unwrap();
        let refused = spawn_blocking(move || client.user(1)).await.unwrap();
        assert_eq!(refusal(refused), REFUSED);
        let user = spawn_blocking(|| Handle::current().block_on(user(1)));
        assert_eq!(user.await.unwrap(), "User#1");
    }

    #[tokio::test]
    async fn without_the_check_the_call_panics() {
        let client = BlockingClient::new().unwrap();
        let message = panic_of(|| drop(client.handle.block_on(user(1))));
        assert!(message.starts_with("Cannot start a runtime from within a runtime. "), "{message}");
    }

    #[tokio::test]
    async fn the_drop_of_a_runtime_in_async_code_panics() {
        let message = "Cannot drop a runtime in a context where blocking is not allowed. This \
            happens when a runtime is dropped from within an asynchronous context.";
        let runtime = Runtime::new().unwrap();
        assert_eq!(panic_of(move || drop(runtime)), message);
        let runtime = Builder::new_current_thread().build().unwrap();
        assert_eq!(panic_of(move || drop(runtime)), message);
    }

    #[tokio::test]
    async fn a_runtime_may_be_dropped_where_blocking_is_allowed() {
        let runtime = Runtime::new().unwrap();
        spawn_blocking(move || drop(runtime)).await.unwrap();
    }

    #[tokio::test]
    async fn the_facade_may_be_dropped_in_async_code_and_ends_its_tasks() {
        let client = BlockingClient::new().unwrap();
        let (guard, ended) = tokio::sync::oneshot::channel::<()>();
        client.handle.spawn(async move {
            let _guard = guard;
            pending::<()>().await;
        });
        drop(client);
        // The guard went without a message: its task has been dropped.
        timeout(FREE, ended).await.unwrap().unwrap_err();
    }

    #[test]
    fn only_a_worker_goes_on_between_the_calls() {
        let (background, heard) = channel();
        let client = BlockingClient::new().unwrap();
        let sender = background.clone();
        client.handle.spawn(async move { sender.send("worker").unwrap() });
        assert_eq!(heard.recv_timeout(FREE), Ok("worker"));

        let runtime = Builder::new_current_thread().build().unwrap();
        runtime.spawn(async move { background.send("current_thread").unwrap() });
        let stands_still = Duration::from_millis(50);
        assert_eq!(heard.recv_timeout(stands_still), Err(RecvTimeoutError::Timeout));
        runtime.block_on(tokio::task::yield_now());
        assert_eq!(heard.recv_timeout(FREE), Ok("current_thread"));
    }
}
