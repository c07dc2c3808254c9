//! Deep dive 10.1, 10.5 — A `Handle` polls only its own future; its timers need a thread that drives the runtime.

use std::sync::mpsc::channel;
use std::thread;
use tokio::runtime::Builder;
use tokio::time::{Duration, sleep};

/// A hundred times what the call needs where it works.
const HANGS: Duration = Duration::from_millis(100);

pub fn main() -> anyhow::Result<()> {
    let rt = Builder::new_current_thread().enable_time().build()?;
    let handle = rt.handle().clone();
    let (done, result) = channel();
    thread::spawn(move || done.send(handle.block_on(async_fn())));
    let alone = result.recv_timeout(HANGS).unwrap_or("hangs");
    println!("current_thread, another thread: {alone}");

    // Timers, I/O and tasks of this runtime go on in `Runtime::block_on` alone. A multi-thread
    // runtime has workers for them.
    let driven = rt.block_on(rt.spawn_blocking(move || result.recv()))??;
    println!("current_thread, another thread, driven: {driven}");
    Ok(())
}

async fn async_fn() -> &'static str {
    sleep(Duration::from_millis(1)).await;
    "ok"
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::oneshot;
    use utils::probe::{Ended, in_child};

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

    /// A ready future needs no driver, and one that another thread wakes needs none either.
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
