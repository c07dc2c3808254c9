//! Deep dive 10.1, 10.5 — The caller decides what `Handle::block_on` does; inside a task it always panics.

use std::panic::{catch_unwind, set_hook, take_hook};
use tokio::runtime::{Builder, Handle};
use tokio::task::block_in_place;
use tokio::time::{Duration, sleep};

pub fn main() -> anyhow::Result<()> {
    // Three callers panic, and the default hook would print a thread number for each.
    let hook = take_hook();
    set_hook(Box::new(|_| {}));
    let table = table();
    set_hook(hook);

    for (caller, outcome) in table? {
        println!("{caller}: {outcome}");
    }
    Ok(())
}

fn table() -> anyhow::Result<[(&'static str, String); 6]> {
    let rt = Builder::new_multi_thread().worker_threads(2).enable_time().build()?;
    let entered = || {
        let _guard = rt.enter();
        outcome()
    };
    Ok([
        ("no runtime", outcome()),
        ("enter", entered()),
        ("spawn_blocking", rt.block_on(rt.spawn_blocking(outcome))?),
        ("block_in_place", rt.block_on(rt.spawn(async { block_in_place(outcome) }))?),
        ("block_on", rt.block_on(async { outcome() })),
        ("task", rt.block_on(rt.spawn(async { outcome() }))?),
    ])
}

/// Returns what `caller3` does, or the first sentence of its panic.
fn outcome() -> String {
    let payload = match catch_unwind(caller3) {
        Ok(text) => return text.to_string(),
        Err(payload) => payload,
    };
    let literal = payload.downcast_ref::<&str>().copied();
    let text = literal.or_else(|| payload.downcast_ref().map(String::as_str)).unwrap_or_default();
    format!("panic: {}", text.split(". ").next().unwrap_or(text))
}

fn caller3() -> &'static str {
    let rt = Handle::current();
    rt.block_on(async_fn())
}

async fn async_fn() -> &'static str {
    sleep(Duration::from_millis(1)).await;
    "ok"
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::AssertUnwindSafe;
    use tokio::runtime::Runtime;
    use tokio::sync::{mpsc, oneshot};

    const NESTED: &str = "Cannot start a runtime from within a runtime. This happens because a \
        function (like `block_on`) attempted to block the current thread while the thread is being \
        used to drive asynchronous tasks. If you are in an async function, use `.await` on the \
        future instead of blocking on it.";
    const BLOCKING: &str = "Cannot block the current thread from within a runtime. This happens \
        because a function attempted to block the current thread while the thread is being used to \
        drive asynchronous tasks.";

    /// The message of the panic with which the task of `work` ends.
    async fn panic_of<T>(work: impl FnOnce() -> T + Send + 'static) -> String {
        let error = tokio::spawn(async { drop(work()) }).await.unwrap_err();
        let payload = error.into_panic();
        let literal = payload.downcast_ref::<&str>().map(|text| text.to_string());
        literal.or_else(|| payload.downcast_ref().cloned()).expect("a message")
    }

    /// Proves D-10-4.
    #[test]
    fn the_caller_decides_what_block_on_does() {
        let table = table().unwrap();
        let expected = [
            (
                "no runtime",
                "panic: there is no reactor running, must be called from the context of a Tokio 1.x runtime",
            ),
            ("enter", "ok"),
            ("spawn_blocking", "ok"),
            ("block_in_place", "ok"),
            ("block_on", "panic: Cannot start a runtime from within a runtime"),
            ("task", "panic: Cannot start a runtime from within a runtime"),
        ];
        assert_eq!(table, expected.map(|(caller, outcome)| (caller, outcome.to_string())));
    }

    /// Not a deadlock, however many workers are idle: the check comes before the first poll.
    /// Proves D-10-10.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_documented_task_panics_and_polls_nothing() {
        let (sender, mut polled) = oneshot::channel();
        let message = panic_of(|| {
            Handle::current().block_on(async move { sender.send(()).unwrap() });
        });
        assert_eq!(message.await, NESTED);
        assert_eq!(polled.try_recv(), Err(oneshot::error::TryRecvError::Closed));
    }

    #[tokio::test]
    async fn a_task_of_a_current_thread_runtime_panics_too() {
        assert_eq!(panic_of(caller3).await, NESTED);
    }

    /// The check is for any runtime on this thread, not for one's own.
    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn another_runtime_panics_in_a_task_too() {
        let other = Runtime::new().unwrap();
        let handle = other.handle().clone();
        assert_eq!(panic_of(move || handle.block_on(async {})).await, NESTED);
        assert_eq!(panic_of(move || other.block_on(async {})).await, NESTED);
    }

    #[tokio::test]
    async fn the_blocking_calls_of_channels_panic_in_a_task() {
        let (sender, mut receiver) = mpsc::channel(1);
        assert_eq!(panic_of(move || sender.blocking_send(1)).await, BLOCKING);
        assert_eq!(panic_of(move || receiver.blocking_recv()).await, BLOCKING);
    }

    #[test]
    fn the_whole_message_of_block_on_inside_block_on() {
        let rt = Builder::new_current_thread().build().unwrap();
        let nested = || rt.block_on(async { rt.block_on(async {}) });
        let payload = catch_unwind(AssertUnwindSafe(nested)).unwrap_err();
        assert_eq!(payload.downcast_ref(), Some(&NESTED));
    }
}
