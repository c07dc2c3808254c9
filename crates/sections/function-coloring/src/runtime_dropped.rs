//! Deep dive 10.5 — Dropping a runtime blocks, so that it panics in async code; two ways do not.

use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use tokio::runtime::{Builder, Runtime};
use tokio::task::spawn_blocking;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> anyhow::Result<()> {
    // One drop panics, and the default hook would print a thread number.
    let hook = take_hook();
    set_hook(Box::new(|_| {}));
    let dropped = how_it_is_dropped(inner());
    set_hook(hook);
    // Wrong: a drop waits for the closures of the blocking pool, even if there are none.
    println!("drop: {dropped}");
    // Right: that thread may block. On a multi-thread runtime, `block_in_place` will do as well.
    println!("spawn_blocking: {}", spawn_blocking(|| how_it_is_dropped(inner())).await?);
    // Right anywhere, and nothing waits for what the runtime still does.
    inner().shutdown_background();
    println!("shutdown_background: ok");
    Ok(())
}

/// Owns a runtime, as a client does that is synchronous outside and asynchronous inside.
fn inner() -> Runtime {
    Builder::new_current_thread().build().expect("it has no driver that could fail")
}

fn how_it_is_dropped(runtime: Runtime) -> String {
    let payload = match catch_unwind(AssertUnwindSafe(|| drop(runtime))) {
        Ok(()) => return "ok".to_string(),
        Err(payload) => payload,
    };
    let text = payload.downcast_ref::<&str>().copied().unwrap_or_default();
    format!("panic: {}", text.split(". ").next().unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::time::Duration;
    use tokio::task::block_in_place;

    const MESSAGE: &str = "panic: Cannot drop a runtime in a context where blocking is not allowed";

    #[tokio::test]
    async fn a_drop_in_async_code_panics_though_nothing_runs_on_it() {
        assert_eq!(how_it_is_dropped(inner()), MESSAGE);
        let multi_thread = Builder::new_multi_thread().worker_threads(1).build().unwrap();
        assert_eq!(how_it_is_dropped(multi_thread), MESSAGE);
    }

    #[tokio::test]
    async fn on_the_blocking_pool_and_in_the_background_it_does_not() {
        assert_eq!(spawn_blocking(|| how_it_is_dropped(inner())).await.unwrap(), "ok");
        inner().shutdown_background();
        inner().shutdown_timeout(Duration::ZERO);
    }

    #[tokio::test]
    #[should_panic = "Cannot drop a runtime in a context where blocking is not allowed"]
    async fn a_shutdown_with_a_limit_blocks_too() {
        inner().shutdown_timeout(Duration::from_millis(1));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn block_in_place_allows_it_in_a_task() {
        let task = async { block_in_place(|| how_it_is_dropped(inner())) };
        assert_eq!(tokio::spawn(task).await.unwrap(), "ok");
    }

    #[test]
    fn outside_of_async_code_nothing_is_wrong_with_it() {
        assert_eq!(how_it_is_dropped(inner()), "ok");
    }

    /// In an `Arc`, that is whoever happens to be the last owner.
    #[tokio::test]
    async fn the_last_owner_of_a_shared_runtime_drops_it() {
        let first = Arc::new(inner());
        let last = Arc::clone(&first);
        drop(first);
        assert_eq!(how_it_is_dropped(Arc::into_inner(last).unwrap()), MESSAGE);
    }
}
