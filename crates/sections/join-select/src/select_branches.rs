//! Deep dive 11.5 — `select!` returns with the first branch and drops all others.

use tokio::sync::{broadcast, mpsc};
use tokio::time::{Duration, sleep};

#[tokio::main]
pub async fn main() -> anyhow::Result<()> {
    let (tx, mut rx) = mpsc::channel(32);
    let (stop, mut shutdown) = broadcast::channel(1);

    tx.send("hello".to_string()).await?;
    println!("{:?}", next_event(&mut rx, &mut shutdown).await);
    println!("{:?}", next_event(&mut rx, &mut shutdown).await);
    stop.send(())?;
    println!("{:?}", next_event(&mut rx, &mut shutdown).await);
    Ok(())
}

#[derive(Debug, PartialEq)]
enum Event {
    Message(String),
    Timeout,
    Shutdown,
}

/// Waits 10 ms at most. Both `recv` are cancel safe: a loser has taken nothing from its channel.
/// No handler awaits: it would keep all branches waiting, and those that you keep for the next
/// call. See `cargo run -p join-select -- handler` and `cargo run -p cancellation -- futurelock`.
async fn next_event(
    rx: &mut mpsc::Receiver<String>,
    shutdown: &mut broadcast::Receiver<()>,
) -> Event {
    tokio::select! {
        // A closed channel is ready every time: a caller that went on would spin.
        message = rx.recv() => message.map_or(Event::Shutdown, Event::Message),
        () = sleep(Duration::from_millis(10)) => Event::Timeout,
        // Sent or dropped, the sender wants no more.
        _ = shutdown.recv() => Event::Shutdown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::ready;
    use std::task::{Context, Poll, Waker};
    use tokio::task::unconstrained;
    use tokio::time::Instant;

    /// Proves D-11-7.
    #[tokio::test(start_paused = true)]
    async fn each_branch_wins_when_it_is_the_only_one_ready() {
        let (tx, mut rx) = mpsc::channel(32);
        let (stop, mut shutdown) = broadcast::channel(1);
        tx.send("hello".to_string()).await.unwrap();
        let hello = Event::Message("hello".to_string());
        assert_eq!(next_event(&mut rx, &mut shutdown).await, hello);

        let start = Instant::now();
        assert_eq!(next_event(&mut rx, &mut shutdown).await, Event::Timeout);
        assert_eq!(start.elapsed(), Duration::from_millis(10));

        stop.send(()).unwrap();
        assert_eq!(next_event(&mut rx, &mut shutdown).await, Event::Shutdown);
        assert_eq!(start.elapsed(), Duration::from_millis(10), "at once");
    }

    #[tokio::test(start_paused = true)]
    async fn a_sender_that_is_gone_means_shutdown() {
        let (tx, mut rx) = mpsc::channel(32);
        let (_stop, mut shutdown) = broadcast::channel(1);
        drop(tx);
        assert_eq!(next_event(&mut rx, &mut shutdown).await, Event::Shutdown);
    }

    /// Only the budget of 128 would stop a loop that goes on.
    /// Proves D-11-8.
    #[tokio::test]
    async fn a_closed_channel_is_ready_every_time() {
        let (tx, mut rx) = mpsc::channel::<()>(1);
        drop(tx);
        let mut cx = Context::from_waker(Waker::noop());
        let mut ends = |polls| {
            let polls = (0..polls).map(|_| rx.poll_recv(&mut cx));
            polls.filter(|polled| *polled == Poll::Ready(None)).count()
        };
        assert_eq!(unconstrained(async { ends(1000) }).await, 1000);
        assert_eq!(ends(1000), 128);
    }

    #[tokio::test]
    #[should_panic = "all branches are disabled and there is no else branch"]
    async fn patterns_that_all_refuse_panic_without_an_else() {
        tokio::select! {
            Some(()) = ready(None) => {}
        }
    }
}
