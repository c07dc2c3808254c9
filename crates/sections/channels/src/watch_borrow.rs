//! Deep dive 11.4 — `borrow` is a read lock: copy the value before an `.await`, or you block the sender.

use tokio::sync::watch;
use tokio::task;

// One thread: a sender that had to wait for the reader would never go on.
#[tokio::main(flavor = "current_thread")]
pub async fn main() -> anyhow::Result<()> {
    let (tx, rx) = watch::channel("old");
    let sender = tokio::spawn(async move { tx.send("new") });
    let (before, after) = read_twice(&rx).await;
    println!("before: {before}, after: {after}");
    sender.await??;
    Ok(())
}

/// The value before and after others had a turn.
async fn read_twice(rx: &watch::Receiver<&'static str>) -> (&'static str, &'static str) {
    // The lock ends with this statement. In `match *rx.borrow() { … }` it would last to the brace.
    let before = *rx.borrow();
    task::yield_now().await;
    (before, *rx.borrow())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;
    use utils::probe::in_child;

    #[tokio::test]
    async fn a_copied_value_lets_the_sender_send() {
        let (tx, rx) = watch::channel("old");
        let sender = tokio::spawn(async move { tx.send("new").unwrap() });
        assert_eq!(read_twice(&rx).await, ("old", "new"));
        sender.await.unwrap();
    }

    /// In a spawned task the compiler refuses it; `main` may be of any type.
    #[test]
    fn a_borrow_held_across_an_await_stops_the_thread_of_the_sender() {
        let ended = in_child(Duration::from_millis(1500), || {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(async {
                let (tx, rx) = watch::channel("old");
                let held = rx.borrow();
                let sender = tokio::spawn(async move {
                    println!("\nsends");
                    tx.send("new").unwrap();
                    println!("\nhas sent");
                });
                task::yield_now().await;
                println!("\ngoes on with {}", *held);
                drop(held);
                sender.await.unwrap();
            });
        });
        assert!(ended.hung, "{ended:#?}");
        let lines: Vec<_> = ended.stdout.lines().collect();
        assert!(lines.contains(&"sends"), "{ended:#?}");
        assert!(!ended.stdout.contains("has sent"), "{ended:#?}");
        assert!(!ended.stdout.contains("goes on"), "{ended:#?}");
    }

    /// The same without a runtime: `send` is no future, it blocks its thread.
    #[test]
    fn send_blocks_its_thread_until_the_borrow_ends() {
        let (tx, rx) = watch::channel("old");
        let (done, ended) = mpsc::channel();
        let (ready, started) = mpsc::channel();
        let held = rx.borrow();
        let sender = thread::spawn(move || {
            ready.send(()).unwrap();
            tx.send("new").unwrap();
            done.send(()).unwrap();
        });
        started.recv().unwrap();
        // A real wait: that something does not happen has no event to wait for.
        let early = ended.recv_timeout(Duration::from_millis(50));
        assert_eq!(early, Err(mpsc::RecvTimeoutError::Timeout));
        assert_eq!(*held, "old");
        drop(held);
        ended.recv().unwrap();
        sender.join().unwrap();
        assert_eq!(*rx.borrow(), "new");
    }
}
