//! Guide 2.2 — A future that wakes itself works but wastes CPU: it is polled without pause until its time.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

#[tokio::main]
pub async fn main() {
    let mut polls = 0_u64;
    let mut delay = pin!(Delay::new(Duration::from_secs(1)));
    let msg = poll_fn(|cx| {
        polls += 1;
        delay.as_mut().poll(cx)
    })
    .await;
    println!("{msg}");
    println!("more than 1000 polls: {}", polls > 1000);
}

/// Needs no timer, and keeps a core busy instead: `delay_with_timer` is the one to use.
struct Delay {
    /// The clock of the operating system, so pausing Tokio's clock in a test does nothing here.
    when: Instant,
}

impl Delay {
    fn new(duration: Duration) -> Self {
        Self { when: Instant::now() + duration }
    }
}

impl Future for Delay {
    type Output = String;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<String> {
        if Instant::now() >= self.when {
            return Poll::Ready("時間経過!".to_string());
        }
        // Asks to be polled again at once: a busy wait. Without it, nobody would poll again.
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::sleep;
    use utils::probe::{CountingWaker, Polls};

    /// Proves G-2.2-1, G-2.2-2.
    #[tokio::test]
    async fn it_is_polled_thousands_of_times() {
        // A thread that rarely gets a processor needs more time for as many.
        for time in [100, 1_000, 10_000].map(Duration::from_millis) {
            let (polls, start) = (Polls::new(), Instant::now());
            let delay = polls.of(Delay::new(time));
            assert_eq!(delay.await, "時間経過!");
            assert!(start.elapsed() >= time);
            if polls.count() > 1000 {
                return;
            }
        }
        panic!("it waits for its next poll");
    }

    #[test]
    fn every_poll_but_the_last_wakes_itself() {
        let (counter, waker) = CountingWaker::new();
        let mut cx = Context::from_waker(&waker);
        let mut delay = pin!(Delay::new(Duration::from_millis(5)));
        let mut polls = 1;
        while delay.as_mut().poll(&mut cx).is_pending() {
            assert_eq!(counter.wakes(), polls);
            polls += 1;
        }
        assert_eq!(counter.wakes(), polls - 1);
    }

    /// Proves G-2.2-3.
    #[tokio::test(start_paused = true)]
    async fn a_paused_clock_neither_helps_nor_moves() {
        let (real, virtual_) = (Instant::now(), tokio::time::Instant::now());
        Delay::new(Duration::from_millis(20)).await;
        assert!(real.elapsed() >= Duration::from_millis(20));
        assert_eq!(virtual_.elapsed(), Duration::ZERO);
    }

    /// Each poll gives way, so a neighbour on the same single thread gets its turns and its timer.
    /// Proves G-2.2-4.
    #[tokio::test]
    async fn it_burns_the_thread_but_does_not_starve_a_neighbour() {
        let neighbour = tokio::spawn(async {
            sleep(Duration::from_millis(5)).await;
            "neighbour"
        });
        let first = tokio::select! {
            biased;
            _ = Delay::new(Duration::from_secs(60)) => "delay",
            name = neighbour => name.unwrap(),
        };
        assert_eq!(first, "neighbour");
    }

    #[test]
    #[should_panic(expected = "overflow when adding duration to instant")]
    fn a_delay_beyond_the_clock_panics() {
        Delay::new(Duration::MAX);
    }
}
