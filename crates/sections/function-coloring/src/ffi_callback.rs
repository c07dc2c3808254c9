//! Deep dive 10.5 — A callback from C finds no runtime on C's thread, and may not block on a worker's.
//!
//! To take to work: `cargo run -- copy sync_facade`.

use std::sync::OnceLock;
use std::{io, thread};
use tokio::runtime::{Builder, Handle};
use tokio::sync::mpsc;
use tokio::time::{Duration, sleep};

/// Where a callback finds the runtime. Most interfaces in C pass a `void *` for that.
static RUNTIME: OnceLock<Handle> = OnceLock::new();

/// Where a callback leaves what C does not wait for.
static EVENTS: OnceLock<mpsc::Sender<i32>> = OnceLock::new();

pub fn main() -> io::Result<()> {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_time().build()?;
    let (sender, mut events) = mpsc::channel(8);
    let _ = (RUNTIME.set(runtime.handle().clone()), EVENTS.set(sender));
    println!("a callback looks for a runtime: {}", c_calls_back(looks_for_a_runtime));
    println!("a callback has a handle: {}", c_calls_back(has_a_handle));
    println!("a callback sends an event: {}", c_calls_back(sends_an_event));
    println!("received: {:?}", runtime.block_on(events.recv()));
    Ok(())
}

/// Does what a library does that has its own threads.
fn c_calls_back(callback: extern "C" fn() -> i32) -> i32 {
    thread::spawn(move || callback()).join().expect("a callback does not unwind")
}

/// Wrong: there is none. `Handle::current()` would panic, and a panic that would leave an
/// `extern "C"` function aborts the process.
extern "C" fn looks_for_a_runtime() -> i32 {
    Handle::try_current().map_or(-1, |runtime| runtime.block_on(answer()))
}

/// Right on a thread of C's own. On a worker `block_on` panics, which aborts the process.
extern "C" fn has_a_handle() -> i32 {
    RUNTIME.get().map_or(-1, |runtime| runtime.block_on(answer()))
}

/// Right on any thread: it waits for nothing. A full channel turns the event away.
extern "C" fn sends_an_event() -> i32 {
    EVENTS.get().map_or(-1, |events| events.try_send(42).map_or(-1, |()| 0))
}

async fn answer() -> i32 {
    sleep(Duration::from_millis(1)).await;
    42
}

#[cfg(test)]
mod tests {
    use super::*;
    use utils::probe::{Ended, in_child};

    const LIMIT: Duration = Duration::from_secs(60);

    fn runtime() -> tokio::runtime::Runtime {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_time().build().unwrap();
        // In a process of its own, so it is the first.
        RUNTIME.set(runtime.handle().clone()).unwrap();
        runtime
    }

    fn aborted(ended: &Ended, message: &str) {
        assert!(!ended.status.success() && !ended.hung, "{ended:#?}");
        assert!(ended.stderr.contains(message), "{ended:#?}");
        assert!(ended.stderr.contains("panic in a function that cannot unwind"), "{ended:#?}");
    }

    #[test]
    fn on_a_thread_of_c_there_is_no_runtime_though_the_program_has_one() {
        let ended = in_child(LIMIT, || {
            let _runtime = runtime();
            println!("got {}", c_calls_back(looks_for_a_runtime));
            println!("got {}", c_calls_back(has_a_handle));
        });
        assert!(ended.stdout.ends_with("got -1\ngot 42\n"), "{ended:#?}");
    }

    #[test]
    fn a_panic_in_a_callback_aborts_the_process() {
        extern "C" fn panics() -> i32 {
            Handle::current().block_on(answer())
        }
        let ended = in_child(LIMIT, || {
            c_calls_back(panics);
        });
        aborted(&ended, "there is no reactor running");
    }

    /// A library that calls back before it returns does so on the thread of its caller.
    #[test]
    fn on_a_worker_the_handle_does_not_help() {
        let ended = in_child(LIMIT, || {
            let runtime = runtime();
            let _ = runtime.block_on(runtime.spawn(async { has_a_handle() }));
        });
        aborted(&ended, "Cannot start a runtime from within a runtime");
    }

    #[test]
    fn an_event_is_sent_on_any_thread_and_turned_away_when_there_is_no_room() {
        let ended = in_child(LIMIT, || {
            let (sender, mut events) = mpsc::channel(2);
            EVENTS.set(sender).unwrap();
            runtime().block_on(async {
                println!(
                    "{} {} {}",
                    sends_an_event(),
                    c_calls_back(sends_an_event),
                    sends_an_event()
                );
                println!("{:?} {:?}", events.recv().await, events.recv().await);
            });
        });
        assert!(ended.stdout.ends_with("0 0 -1\nSome(42) Some(42)\n"), "{ended:#?}");
    }
}
