//! Deep dive 10.1 — Async calls sync; sync needs an executor, and a runtime only for timers and I/O.

use futures::executor::block_on;
use std::thread;
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio::time::{Duration, sleep};

pub fn main() -> anyhow::Result<()> {
    println!("async → sync: {}", block_on(async_calls_sync()));
    println!("sync → async: {}", sync_calls_async());
    println!("async → sync → async: {}", block_on(async { sync_hands_up().await }));
    println!("sync → async, a channel of Tokio: {}", sync_receives()?);
    println!("sync → async, a timer of Tokio: {}", sync_sleeps()?);
    Ok(())
}

fn sync_fn() -> &'static str {
    "sync_fn"
}

async fn async_fn() -> &'static str {
    "async_fn"
}

/// A plain call. While it lasts, the thread of this task polls nothing else.
async fn async_calls_sync() -> &'static str {
    sync_fn()
}

/// The executor polls on this thread and lets it sleep in between: there is no runtime.
fn sync_calls_async() -> &'static str {
    block_on(async_fn())
}

/// Sync between two async functions needs no executor: whoever awaits the result polls.
fn sync_hands_up() -> impl Future<Output = &'static str> {
    async_fn()
}

/// A channel or a lock only wakes tasks, so it runs on every executor.
fn sync_receives() -> Result<u32, oneshot::error::RecvError> {
    let (sender, receiver) = oneshot::channel();
    // Fails only if the receiver has gone, and then nobody waits for the number.
    thread::spawn(move || sender.send(42).ok());
    block_on(receiver)
}

/// A timer belongs to a runtime, whose `block_on` fires it: the executor above has none.
fn sync_sleeps() -> std::io::Result<&'static str> {
    let runtime = Builder::new_current_thread().enable_time().build()?;
    Ok(runtime.block_on(async {
        sleep(Duration::from_millis(10)).await;
        async_fn().await
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::env::consts::EXE_SUFFIX;
    use std::io::Write;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::path::Path;
    use std::process::{Command, Stdio};
    use tokio::net::TcpListener;
    use tokio::runtime::Handle;
    use utils::probe::Polls;

    /// The message with which `work` panics.
    fn panic_of<T>(work: impl FnOnce() -> T) -> String {
        let Err(payload) = catch_unwind(AssertUnwindSafe(work)) else { panic!("no panic") };
        let literal = payload.downcast_ref::<&str>().map(|text| text.to_string());
        literal.or_else(|| payload.downcast_ref().cloned()).expect("a message")
    }

    const NO_REACTOR: &str =
        "there is no reactor running, must be called from the context of a Tokio 1.x runtime";

    /// Proves D-10-1, D-10-9.
    #[test]
    fn each_color_calls_the_other() {
        assert_eq!(block_on(async_calls_sync()), "sync_fn");
        assert_eq!(sync_calls_async(), "async_fn");
        assert_eq!(block_on(sync_hands_up()), "async_fn");
        assert_eq!(sync_receives(), Ok(42));
        assert_eq!(sync_sleeps().unwrap(), "async_fn");
    }

    /// One poll each: the call adds neither a suspension nor a task.
    #[test]
    fn a_sync_call_is_part_of_one_poll() {
        let polls = Polls::new();
        block_on(polls.of(async_calls_sync()));
        assert_eq!(polls.count(), 1);
    }

    /// Proves D-10-3.
    #[test]
    fn an_executor_is_enough_without_a_runtime() {
        let seen = block_on(async { (Handle::try_current().is_err(), async_fn().await) });
        assert_eq!(seen, (true, "async_fn"));
    }

    /// Proves D-10-3.
    #[test]
    fn timers_of_tokio_panic_without_a_runtime() {
        let sleeps = || block_on(async { sleep(Duration::ZERO).await });
        assert_eq!(panic_of(sleeps), NO_REACTOR);
    }

    /// Proves D-10-3.
    #[test]
    fn sockets_of_tokio_panic_without_a_runtime() {
        let binds = || block_on(TcpListener::bind("127.0.0.1:0"));
        assert_eq!(panic_of(binds), NO_REACTOR);
    }

    /// Proves D-10-3.
    #[test]
    fn spawn_of_tokio_panics_without_a_runtime() {
        let spawns = || block_on(async { drop(tokio::spawn(async {})) });
        assert_eq!(panic_of(spawns), NO_REACTOR);
    }

    /// In the year of the article Rust could not be caught in its trap.
    /// Proves D-10-5.
    #[test]
    fn rust_of_2015_has_no_async_fn() {
        let stderr_of_edition = |edition| {
            let compiler = Path::new(env!("CARGO")).with_file_name(format!("rustc{EXE_SUFFIX}"));
            let mut compiler = Command::new(compiler)
                .args(["-", "--edition", edition, "--crate-type", "lib", "--emit", "metadata=-"])
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            compiler.stdin.take().unwrap().write_all(b"pub async fn color() {}\n").unwrap();
            String::from_utf8(compiler.wait_with_output().unwrap().stderr).unwrap()
        };
        assert!(stderr_of_edition("2015").starts_with("error[E0670]"));
        assert_eq!(stderr_of_edition("2018"), "");
    }

    /// The executor polls, and the worker of the entered runtime fires the timer.
    #[test]
    fn any_executor_runs_a_timer_of_an_entered_runtime() {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_time().build().unwrap();
        let _guard = runtime.enter();
        block_on(sleep(Duration::from_millis(1)));
    }

    /// An executor of its own does not nest either.
    #[test]
    fn an_executor_within_itself_panics() {
        let message = panic_of(|| block_on(async { sync_calls_async() }));
        let expected =
            "cannot execute `LocalPool` executor from within another executor: EnterError";
        assert_eq!(message, expected);
    }
}
