//! Deep dive 11.6 — A dropped `send` drops its message; with a dropped `reserve` you still have it.

use std::future::ready;
use tokio::sync::mpsc;

#[tokio::main]
pub async fn main() -> anyhow::Result<()> {
    println!("send: {:?}, reserve: {:?}", with_send().await?, with_reserve().await?);
    Ok(())
}

/// Loses `second`: the call moved it into the future, so there is nothing to try again with.
async fn with_send() -> anyhow::Result<Vec<String>> {
    let (sender, receiver) = mpsc::channel(1);
    sender.send("first".to_string()).await?;

    let message = "second".to_string();
    tokio::select! {
        biased;
        _ = sender.send(message) => unreachable!("the channel is full"),
        () = ready(()) => {} // any other branch of an event loop
    }
    drop(sender);
    Ok(drain(receiver).await)
}

/// Loses nothing but its place in the queue: the message moves once there is room for it.
async fn with_reserve() -> anyhow::Result<Vec<String>> {
    let (sender, mut receiver) = mpsc::channel(1);
    sender.send("first".to_string()).await?;

    let message = "second".to_string();
    tokio::select! {
        biased;
        _ = sender.reserve() => unreachable!("the channel is full"),
        () = ready(()) => {}
    }
    let mut received = Vec::from_iter(receiver.recv().await);
    // A permit sends without waiting, so no cancellation comes between.
    sender.reserve().await?.send(message);
    drop(sender);
    received.extend(drain(receiver).await);
    Ok(received)
}

async fn drain(mut receiver: mpsc::Receiver<String>) -> Vec<String> {
    let mut received = Vec::new();
    while let Some(message) = receiver.recv().await {
        received.push(message);
    }
    received
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use std::pin::pin;
    use utils::probe::DropLog;

    #[tokio::test]
    async fn a_dropped_send_loses_its_message() {
        assert_eq!(with_send().await.unwrap(), ["first"]);
    }

    #[tokio::test]
    async fn a_dropped_reserve_loses_no_message() {
        assert_eq!(with_reserve().await.unwrap(), ["first", "second"]);
    }

    #[tokio::test]
    async fn the_message_is_dropped_with_the_send() {
        let log = DropLog::new();
        let (sender, _receiver) = mpsc::channel(1);
        sender.try_send(log.guard("first")).ok().unwrap();
        assert!(sender.send(log.guard("second")).now_or_never().is_none());
        assert_eq!(log.entries(), ["second"]);
    }

    /// Not even room that was already given to it helps a `send` that is dropped before its poll.
    #[tokio::test]
    async fn a_send_that_has_been_woken_still_drops_its_message() {
        let log = DropLog::new();
        let (sender, mut receiver) = mpsc::channel(1);
        sender.try_send(log.guard("first")).ok().unwrap();
        {
            let mut send = pin!(sender.send(log.guard("second")));
            assert!(send.as_mut().now_or_never().is_none());
            drop(receiver.recv().await);
        }
        assert_eq!(log.entries(), ["first", "second"]);
        assert_eq!(sender.capacity(), 1, "and its room is given back");
    }

    /// Room is given in the order of the requests, and a new request is the last.
    #[tokio::test]
    async fn a_dropped_reserve_loses_its_place_in_the_queue() {
        let (sender, mut receiver) = mpsc::channel(1);
        sender.try_send("taken").unwrap();
        let mut first = Box::pin(sender.reserve());
        let mut second = pin!(sender.reserve());
        assert!(first.as_mut().now_or_never().is_none());
        assert!(second.as_mut().now_or_never().is_none());

        first = Box::pin(sender.reserve());
        assert!(first.as_mut().now_or_never().is_none());
        receiver.recv().await;
        assert!(first.as_mut().now_or_never().is_none());
        assert!(second.as_mut().now_or_never().is_some());
    }

    #[tokio::test]
    async fn an_unused_permit_gives_its_room_back() {
        let (sender, _receiver) = mpsc::channel::<()>(1);
        let permit = sender.reserve().await.unwrap();
        assert_eq!(sender.capacity(), 0);
        drop(permit);
        assert_eq!(sender.capacity(), 1);
    }
}
