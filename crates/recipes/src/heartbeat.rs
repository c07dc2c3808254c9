//! Handle messages and send a heartbeat in one loop, which ends without losing a message.
//!
//! It avoids three mistakes of `select!` loops: a closed channel that only disables its branch, a
//! burst of beats after a stall, and messages that are lost in the queue at the stop.
//!
//! ```
//! # use recipes::heartbeat::{Event, Heartbeat};
//! # use std::time::Duration;
//! # use tokio_util::sync::CancellationToken;
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let (sender, messages) = tokio::sync::mpsc::channel(8);
//! let stop = CancellationToken::new();
//! let mut events = Heartbeat::new(messages, Duration::from_secs(5), stop.clone());
//! sender.send("hello").await.unwrap();
//! stop.cancel();
//!
//! let mut seen = Vec::new();
//! while let Some(event) = events.next().await {
//!     match event {
//!         Event::Beat => seen.push("beat"),
//!         Event::Message(message) => seen.push(message),
//!     }
//! }
//! assert_eq!(seen, ["beat", "hello"]);
//! # }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use std::time::Duration;
use tokio::sync::mpsc::Receiver;
use tokio::time::{Interval, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

/// The next thing that the loop has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<T> {
    /// It is time to say "I am alive".
    Beat,
    /// The next message.
    Message(T),
}

/// The events of a loop. If the loop hangs, the beats stop, and whoever listens to them notices.
#[derive(Debug)]
pub struct Heartbeat<T> {
    messages: Receiver<T>,
    beat: Interval,
    stop: CancellationToken,
}

impl<T> Heartbeat<T> {
    /// Returns a source of `messages` and beats, with the first beat at once and then one each
    /// `period`. It ends when `stop` is cancelled or all senders are gone.
    ///
    /// # Panics
    ///
    /// If `period` is zero, and outside a Tokio runtime whose timers are enabled.
    pub fn new(messages: Receiver<T>, period: Duration, stop: CancellationToken) -> Self {
        let mut beat = interval(period);
        // A beat says "now". By default, all beats that a stall has missed would come at once.
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { messages, beat, stop }
    }

    /// Waits for the next event. A beat that is due comes before a message.
    ///
    /// Returns `None` when all senders are gone or `stop` is cancelled, and every message that was
    /// sent has been returned. After `stop`, sending is an error.
    ///
    /// # Cancel safety
    ///
    /// If dropped, it has lost neither a message nor a beat: it fits into a `select!`.
    pub async fn next(&mut self) -> Option<Event<T>> {
        loop {
            let stopping = self.stop.is_cancelled();
            if stopping {
                // `recv` still returns what is in the queue, and then `None`.
                self.messages.close();
            }
            tokio::select! {
                biased;
                () = self.stop.cancelled(), if !stopping => {}
                // Before the messages: a flood of them must not silence it. It is due once a
                // period.
                _ = self.beat.tick() => return Some(Event::Beat),
                // With `Some(message) = …`, a closed channel would only disable this branch.
                message = self.messages.recv() => return message.map(Event::Message),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::mpsc::channel;
    use tokio::time::{Instant, advance, sleep, timeout};

    const PERIOD: Duration = Duration::from_secs(5);

    fn seconds(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    /// All events up to `None`, each with its second.
    async fn all<T>(mut events: Heartbeat<T>) -> Vec<(u64, Event<T>)> {
        let (start, mut seen) = (Instant::now(), Vec::new());
        while let Some(event) = events.next().await {
            seen.push((start.elapsed().as_secs(), event));
        }
        seen
    }

    #[tokio::test(start_paused = true)]
    async fn it_beats_at_once_and_each_period_until_the_last_sender_is_gone() {
        let (sender, messages) = channel(8);
        let events = Heartbeat::new(messages, PERIOD, CancellationToken::new());
        tokio::spawn(async move {
            sleep(seconds(7)).await;
            sender.send("seven").await.unwrap();
            sleep(seconds(5)).await;
        });
        let expected =
            [(0, Event::Beat), (5, Event::Beat), (7, Event::Message("seven")), (10, Event::Beat)];
        assert_eq!(all(events).await, expected);
    }

    #[tokio::test(start_paused = true)]
    async fn after_the_stop_what_was_sent_still_comes_and_nothing_can_be_sent() {
        let (sender, messages) = channel(8);
        let stop = CancellationToken::new();
        let mut events = Heartbeat::new(messages, PERIOD, stop.clone());
        let permit = sender.clone().reserve_owned().await.unwrap();
        sender.send(1).await.unwrap();
        stop.cancel();
        assert_eq!(events.next().await, Some(Event::Beat));
        assert_eq!(events.next().await, Some(Event::Message(1)));
        sender.send(2).await.unwrap_err();
        // A sender that has its place already is waited for.
        timeout(seconds(1), events.next()).await.unwrap_err();
        drop(permit.send(3));
        assert_eq!(events.next().await, Some(Event::Message(3)));
        for _ in 0..2 {
            assert_eq!(events.next().await, None);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_ends_a_call_that_waits_though_a_sender_is_left() {
        let (_sender, messages) = channel::<()>(8);
        let stop = CancellationToken::new();
        let events = Heartbeat::new(messages, PERIOD, stop.clone());
        let start = Instant::now();
        tokio::spawn(async move {
            sleep(seconds(6)).await;
            stop.cancel();
        });
        assert_eq!(all(events).await, [(0, Event::Beat), (5, Event::Beat)]);
        assert_eq!(start.elapsed(), seconds(6));
    }

    /// A stop of the process, or a handler that blocks: twelve beats are missed.
    #[tokio::test(start_paused = true)]
    async fn after_a_stall_one_beat_comes_and_the_next_a_period_later() {
        let (_sender, messages) = channel::<()>(8);
        let mut events = Heartbeat::new(messages, PERIOD, CancellationToken::new());
        let start = Instant::now();
        let mut beats = Vec::new();
        for _ in 0..4 {
            events.next().await;
            beats.push(start.elapsed().as_secs());
            if beats.len() == 2 {
                advance(seconds(61)).await;
            }
        }
        assert_eq!(beats, [0, 5, 66, 71]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_of_messages_does_not_silence_it_and_it_does_not_starve_them() {
        let (sender, messages) = channel(100);
        for number in 0..100 {
            sender.try_send(number).unwrap();
        }
        drop(sender);
        let mut events = Heartbeat::new(messages, seconds(1), CancellationToken::new());
        let (mut beats, mut handled) = (0, 0);
        while let Some(event) = events.next().await {
            match event {
                Event::Beat => beats += 1,
                Event::Message(number) => {
                    assert_eq!(number, handled);
                    handled += 1;
                    // Slower than the beat.
                    sleep(seconds(2)).await;
                }
            }
        }
        assert_eq!((beats, handled), (101, 100));
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_is_dropped_loses_neither_a_beat_nor_a_message() {
        let (sender, messages) = channel(8);
        let mut events = Heartbeat::new(messages, PERIOD, CancellationToken::new());
        let start = Instant::now();
        assert_eq!(events.next().await, Some(Event::Beat));
        for second in 1..5 {
            timeout(seconds(1), events.next()).await.unwrap_err();
            assert_eq!(start.elapsed(), seconds(second));
        }
        sender.send("hello").await.unwrap();
        drop(events.next());
        assert_eq!(events.next().await, Some(Event::Message("hello")));
        assert_eq!(events.next().await, Some(Event::Beat));
        assert_eq!(start.elapsed(), PERIOD);
    }

    #[tokio::test]
    #[should_panic = "must be non-zero"]
    async fn a_period_of_zero_is_a_mistake() {
        Heartbeat::new(channel::<()>(1).1, Duration::ZERO, CancellationToken::new());
    }
}
