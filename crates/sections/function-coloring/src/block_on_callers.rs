//! Deep dive 10.1, 10.5 — The caller decides what `Handle::block_on` does; in a task it panics, always.

use std::any::Any;
use std::panic::{catch_unwind, set_hook, take_hook};
use std::sync::mpsc::channel;
use std::thread;
use tokio::runtime::{Builder, Handle};
use tokio::task::block_in_place;
use tokio::time::{Duration, sleep};

/// A hundred times what the call needs where it works.
const HANGS: Duration = Duration::from_millis(100);

pub fn main() -> anyhow::Result<()> {
    // Four callers panic, and the default hook would print a thread number for each.
    let hook = take_hook();
    set_hook(Box::new(|_| {}));
    let table = table();
    set_hook(hook);

    for (caller, outcome) in table? {
        println!("{caller}: {outcome}");
    }
    Ok(())
}

/// Every caller with what becomes of its call, by which time all of them have ended.
fn table() -> anyhow::Result<Vec<(&'static str, String)>> {
    let rt = Builder::new_multi_thread().worker_threads(2).enable_time().build()?;
    let entered = || {
        let _guard = rt.enter();
        outcome()
    };
    let task = async || match rt.spawn(async { caller3() }).await {
        Ok(text) => text.to_string(),
        // Nobody aborts the task: it can only have panicked.
        Err(error) => format!("JoinError: {}", first_sentence(error.into_panic())),
    };
    let (alone, driven) = from_another_thread()?;
    Ok(vec![
        ("no runtime", outcome()),
        ("enter", entered()),
        ("spawn_blocking", rt.block_on(rt.spawn_blocking(outcome))?),
        ("block_in_place", rt.block_on(rt.spawn(async { block_in_place(outcome) }))?),
        ("block_on", rt.block_on(async { outcome() })),
        ("task", rt.block_on(task())),
        ("current_thread, another thread", alone),
        ("current_thread, another thread, driven", driven),
    ])
}

/// What `caller3` returns, or the first sentence of its panic.
fn outcome() -> String {
    match catch_unwind(caller3) {
        Ok(text) => text.to_string(),
        Err(payload) => format!("panic: {}", first_sentence(payload)),
    }
}

fn caller3() -> &'static str {
    let rt = Handle::current();
    rt.block_on(async_fn())
}

async fn async_fn() -> &'static str {
    sleep(Duration::from_millis(1)).await;
    "ok"
}

/// The same call before and after somebody drives the runtime.
///
/// A `Handle` polls its own future only. Timers, I/O and tasks of a `current_thread` runtime go on
/// in `Runtime::block_on` alone; a multi-thread runtime has workers for them.
fn from_another_thread() -> anyhow::Result<(String, String)> {
    let rt = Builder::new_current_thread().enable_time().build()?;
    let handle = rt.handle().clone();
    let (done, result) = channel();
    thread::spawn(move || {
        let _guard = handle.enter();
        // Fails only if the table has been given up, and then nobody reads the row.
        done.send(outcome()).ok()
    });
    let alone = result.recv_timeout(HANGS).unwrap_or_else(|_| "hangs".to_string());
    let driven = rt.block_on(rt.spawn_blocking(move || result.recv()))??;
    Ok((alone, driven))
}

fn first_sentence(payload: Box<dyn Any + Send>) -> String {
    let literal = payload.downcast_ref::<&str>().copied();
    let text = literal.or_else(|| payload.downcast_ref().map(String::as_str)).unwrap_or_default();
    text.split(". ").next().unwrap_or(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::AssertUnwindSafe;
    use tokio::runtime::Runtime;
    use tokio::sync::{mpsc, oneshot};
    use utils::probe::{Ended, in_child};

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
            ("task", "JoinError: Cannot start a runtime from within a runtime"),
            ("current_thread, another thread", "hangs"),
            ("current_thread, another thread, driven", "ok"),
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

    /// A hundred times what these calls need when they end.
    const LIMIT: Duration = Duration::from_secs(1);

    fn hangs_after(ended: &Ended, evidence: &str) {
        assert!(ended.hung && ended.stdout.ends_with(evidence), "{ended:#?}");
    }

    /// Proves D-10-4.
    #[test]
    fn an_undriven_timer_hangs() {
        let ended = in_child(LIMIT, || {
            let rt = Builder::new_current_thread().enable_time().build().unwrap();
            println!("before");
            rt.handle().block_on(async_fn());
            println!("after");
        });
        hangs_after(&ended, "before\n");
    }

    /// Proves D-10-4.
    #[test]
    fn an_undriven_socket_hangs() {
        let ended = in_child(LIMIT, || {
            let rt = Builder::new_current_thread().enable_io().build().unwrap();
            rt.handle().block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                let address = listener.local_addr().unwrap();
                let _client = std::net::TcpStream::connect(address).unwrap();
                println!("connected");
                listener.accept().await.unwrap();
                println!("accepted");
            });
        });
        hangs_after(&ended, "connected\n");
    }

    /// Proves D-10-4.
    #[test]
    fn an_undriven_task_hangs() {
        let ended = in_child(LIMIT, || {
            let rt = Builder::new_current_thread().build().unwrap();
            println!("before");
            rt.handle().block_on(async { tokio::spawn(async {}).await.unwrap() });
            println!("after");
        });
        hangs_after(&ended, "before\n");
    }

    /// What is ready at once needs no driver, and neither does what another thread wakes.
    /// Proves D-10-4.
    #[test]
    fn what_waits_for_no_part_of_an_undriven_runtime_does_not_hang() {
        let rt = Builder::new_current_thread().build().unwrap();
        let handle = rt.handle().clone();
        let elsewhere = thread::spawn(move || handle.block_on(async { "ok" }));
        assert_eq!(elsewhere.join().unwrap(), "ok");

        let (sender, receiver) = oneshot::channel();
        thread::spawn(move || sender.send(42).unwrap());
        assert_eq!(rt.handle().block_on(receiver), Ok(42));
    }

    #[test]
    fn the_handle_of_a_multi_thread_runtime_needs_no_driver() {
        let rt = Builder::new_multi_thread().worker_threads(1).enable_time().build().unwrap();
        assert_eq!(rt.handle().block_on(async_fn()), "ok");
    }
}
