//! Deep dive 11.1 — Two tasks that send before they receive deadlock as soon as both queues are full.

use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::{Duration, timeout};

#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn main() {
    println!("4 messages each, send, then receive: {}", exchange(4, send_then_receive).await);
    println!("5 messages each, send, then receive: {}", exchange(5, send_then_receive).await);
    println!("5 messages each, both at once: {}", exchange(5, both_at_once).await);
}

/// Wrong: it is right as long as there is little to send, as in most tests.
async fn send_then_receive(count: u32, to: &Sender<u32>, from: &mut Receiver<u32>) {
    send(count, to).await;
    receive(count, from).await;
}

/// Right: a task that waits for room also makes room.
async fn both_at_once(count: u32, to: &Sender<u32>, from: &mut Receiver<u32>) {
    tokio::join!(send(count, to), receive(count, from));
}

async fn send(count: u32, to: &Sender<u32>) {
    for number in 0..count {
        to.send(number).await.expect("the other task lives as long");
    }
}

async fn receive(count: u32, from: &mut Receiver<u32>) {
    for _ in 0..count {
        from.recv().await.expect("the other task lives as long");
    }
}

/// Each task has room for four messages.
async fn exchange(
    count: u32,
    task: impl AsyncFn(u32, &Sender<u32>, &mut Receiver<u32>),
) -> &'static str {
    let ((to_b, mut from_a), (to_a, mut from_b)) = (channel(4), channel(4));
    let both =
        async { tokio::join!(task(count, &to_b, &mut from_b), task(count, &to_a, &mut from_a)) };
    timeout(Duration::from_secs(3600), both).await.map_or("stuck for an hour", |_| "done")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_fits_into_the_queues_hides_the_deadlock() {
        assert_eq!(exchange(4, send_then_receive).await, "done");
    }

    #[tokio::test(start_paused = true)]
    async fn one_message_more_is_a_deadlock() {
        assert_eq!(exchange(5, send_then_receive).await, "stuck for an hour");
    }

    #[tokio::test(start_paused = true)]
    async fn both_at_once_ends_however_many_there_are() {
        assert_eq!(exchange(1000, both_at_once).await, "done");
    }

    #[tokio::test(start_paused = true)]
    async fn both_at_once_sends_and_receives_each_message() {
        let ((to_b, mut from_a), (to_a, mut from_b)) = (channel(4), channel(4));
        let other = async {
            for number in 0..10 {
                to_a.send(number).await.unwrap();
                assert_eq!(from_a.recv().await, Some(number));
            }
        };
        let both = async { tokio::join!(both_at_once(10, &to_b, &mut from_b), other) };
        timeout(Duration::from_secs(3600), both).await.unwrap();
    }

    /// The shortest cycle: a task that sends to itself.
    #[tokio::test(start_paused = true)]
    async fn an_actor_that_sends_to_itself_is_stuck_at_its_full_mailbox() {
        let (mailbox, mut messages) = channel(1);
        mailbox.send(1).await.unwrap();
        let actor = async {
            while let Some(number) = messages.recv().await {
                mailbox.send(number).await.unwrap();
                mailbox.send(number).await.unwrap();
            }
        };
        timeout(Duration::from_secs(3600), actor).await.unwrap_err();
    }
}
