//! Deep dive 11.1 — An unbounded queue grows while its consumer is slow; a bounded one does not.
//!
//! To take to work: `cargo run -- copy bounded_jobs`.

use tokio::sync::mpsc;
use tokio::time::{Duration, interval, sleep};

type Message = Box<[u8; 1024]>;

#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn main() {
    println!("ten seconds: 1000 messages of 1 KiB a second come, and 100 are consumed");
    // Wrong: it would end with the memory.
    let (queue, mut messages) = mpsc::unbounded_channel();
    let sent = ten_seconds(async |it| queue.send(it).is_ok(), async || messages.recv().await).await;
    println!("unbounded: {sent} sent, {} KiB wait", messages.len());

    // Right: the producer gets the pace of the consumer. One that cannot wait has `try_send`.
    let (queue, mut messages) = mpsc::channel(100);
    let send = async |it| queue.send(it).await.is_ok();
    let sent = ten_seconds(send, async || messages.recv().await).await;
    println!("bounded: {sent} sent, {} KiB wait", messages.len());
}

/// Returns how many messages were sent.
async fn ten_seconds(
    mut send: impl AsyncFnMut(Message) -> bool,
    mut receive: impl AsyncFnMut() -> Option<Message>,
) -> u32 {
    let (mut sent, mut tick) = (0, interval(Duration::from_millis(1)));
    let producer = async {
        loop {
            tick.tick().await;
            sent += u32::from(send(Box::new([0; 1024])).await);
        }
    };
    let consumer = async {
        while receive().await.is_some() {
            sleep(Duration::from_millis(10)).await;
        }
    };
    let end = sleep(Duration::from_secs(10));
    tokio::select!(biased; () = end => {}, () = producer => {}, () = consumer => {});
    sent
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_unbounded_queue_holds_nine_of_ten_messages() {
        let (queue, mut messages) = mpsc::unbounded_channel();
        let send = async |it| queue.send(it).is_ok();
        assert_eq!(ten_seconds(send, async || messages.recv().await).await, 10_000);
        assert_eq!(messages.len(), 9_000);
    }

    #[tokio::test(start_paused = true)]
    async fn a_bounded_queue_holds_its_capacity_and_slows_its_producer_down() {
        let (queue, mut messages) = mpsc::channel(100);
        let send = async |it| queue.send(it).await.is_ok();
        assert_eq!(ten_seconds(send, async || messages.recv().await).await, 1_100);
        assert_eq!(messages.len(), 100);
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_queue_refuses_and_gives_the_message_back() {
        let (queue, mut messages) = mpsc::channel(100);
        let mut refused = Vec::new();
        let send = async |it| match queue.try_send(it) {
            Ok(()) => true,
            Err(error) => {
                refused.push(error.into_inner());
                false
            }
        };
        assert_eq!(ten_seconds(send, async || messages.recv().await).await, 1_100);
        assert_eq!(refused.len(), 8_900);
    }

    /// In bytes of this thread: a KiB a message, and at most 10 % more for the blocks of the queue.
    #[test]
    fn what_waits_is_memory_until_it_is_received() {
        let (queue, mut messages) = mpsc::unbounded_channel::<Message>();
        let filled = allocation_counter::measure(|| {
            (0..9_000).for_each(|_| queue.send(Box::new([0; 1024])).unwrap());
        });
        let (messages_bytes, bytes) = (9_000 * 1024, filled.bytes_current);
        assert!((messages_bytes..messages_bytes * 11 / 10).contains(&bytes), "{bytes}");
        let emptied = allocation_counter::measure(|| while messages.try_recv().is_ok() {});
        assert!(emptied.bytes_current <= -messages_bytes, "{}", emptied.bytes_current);
    }
}
