//! Deep dive 18 — Of five values, `mpsc` and `broadcast` deliver all, `oneshot` one, `watch` the last.

use tokio::sync::{broadcast, mpsc, oneshot, watch};

#[tokio::main]
pub async fn main() -> anyhow::Result<()> {
    println!("mpsc: {:?}", with_mpsc().await?);
    println!("oneshot: {:?}", with_oneshot().await?);
    println!("broadcast: {:?}", with_broadcast().await?);
    println!("watch: {:?}", with_watch().await?);
    Ok(())
}

/// Work to be done once: one receiver takes each value, and a sender too fast for it waits.
async fn with_mpsc() -> anyhow::Result<Vec<u32>> {
    let (tx, mut rx) = mpsc::channel(5);
    for value in 1..=5 {
        tx.send(value).await?;
    }
    let mut received = Vec::new();
    rx.recv_many(&mut received, 5).await;
    Ok(received)
}

/// An answer: `send` consumes the sender, so a second value does not compile.
async fn with_oneshot() -> anyhow::Result<u32> {
    let (tx, rx) = oneshot::channel();
    tx.send(1).map_err(|value| anyhow::anyhow!("nobody waits for {value}"))?;
    Ok(rx.await?)
}

/// Events: every subscriber gets every value, unless it is slower than the capacity allows.
async fn with_broadcast() -> anyhow::Result<[Vec<u32>; 2]> {
    let (tx, mut first) = broadcast::channel(8);
    let mut second = tx.subscribe();
    let mut received = [Vec::new(), Vec::new()];
    for value in 1..=5 {
        tx.send(value)?;
    }
    for _ in 1..=5 {
        received[0].push(first.recv().await?);
        received[1].push(second.recv().await?);
    }
    Ok(received)
}

/// State: every reader gets the current value, and none those it was too late for.
async fn with_watch() -> anyhow::Result<[u32; 2]> {
    let (tx, first) = watch::channel(0);
    let second = tx.subscribe();
    for value in 1..=5 {
        tx.send(value)?;
    }
    Ok([*first.borrow(), *second.borrow()])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves D-18-7.
    #[tokio::test]
    async fn mpsc_gives_every_value_to_its_one_receiver() {
        assert_eq!(with_mpsc().await.unwrap(), [1, 2, 3, 4, 5]);
    }

    /// Proves D-18-7.
    #[tokio::test]
    async fn oneshot_carries_one_value() {
        assert_eq!(with_oneshot().await.unwrap(), 1);
    }

    /// Proves D-18-7.
    #[tokio::test]
    async fn broadcast_gives_every_value_to_every_receiver() {
        assert_eq!(with_broadcast().await.unwrap(), [[1, 2, 3, 4, 5], [1, 2, 3, 4, 5]]);
    }

    /// Proves D-18-7.
    #[tokio::test]
    async fn watch_gives_the_last_value_to_every_receiver() {
        assert_eq!(with_watch().await.unwrap(), [5, 5]);
    }
}
