//! Guide 2.2 — A delay that gives its waker to a timer is polled twice: at its start and at its end.

use pin_project::pin_project;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use tokio::time::{Duration, Sleep, sleep};

#[tokio::main]
pub async fn main() {
    let mut polls = 0_u64;
    let mut delay = pin!(Delay::new(Duration::from_millis(50)));
    let msg = poll_fn(|cx| {
        polls += 1;
        delay.as_mut().poll(cx)
    })
    .await;
    println!("{msg}");
    println!("more than 2 polls: {}", polls > 2);
}

/// In place of the moment, a timer: it keeps the waker of the last poll, and wakes it in time.
#[pin_project]
struct Delay(#[pin] Sleep);

impl Delay {
    fn new(duration: Duration) -> Self {
        Self(sleep(duration))
    }
}

impl Future for Delay {
    type Output = String;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<String> {
        self.project().0.poll(cx).map(|()| "時間経過!".to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::time::{Instant, advance};
    use utils::probe::{CountingWaker, Polls};

    /// Proves G-2.2-2.
    #[tokio::test(start_paused = true)]
    async fn it_is_polled_twice_whatever_it_takes() {
        for duration in [Duration::from_secs(1), Duration::from_secs(24 * 3600)] {
            let polls = Polls::new();
            let start = Instant::now();
            assert_eq!(polls.of(Delay::new(duration)).await, "時間経過!");
            assert_eq!((polls.count(), start.elapsed()), (2, duration));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn its_timer_wakes_the_last_poller_once() {
        let (first, first_waker) = CountingWaker::new();
        let (last, last_waker) = CountingWaker::new();
        let mut delay = pin!(Delay::new(Duration::from_secs(1)));
        assert!(delay.as_mut().poll(&mut Context::from_waker(&first_waker)).is_pending());
        assert!(delay.as_mut().poll(&mut Context::from_waker(&last_waker)).is_pending());
        advance(Duration::from_secs(1)).await;
        assert_eq!((first.wakes(), last.wakes()), (0, 1));
        assert!(delay.poll(&mut Context::from_waker(&last_waker)).is_ready());
    }

    /// Neither a busy loop nor periodic polling: with only a delay to wait for, workers sleep.
    /// Proves D-3-1.
    #[test]
    fn the_runtime_sleeps_while_it_waits() {
        let turns = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&turns);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_time()
            .on_thread_park(move || {
                counter.fetch_add(1, Ordering::SeqCst);
            })
            .build()
            .unwrap();
        let polls = Polls::new();
        let waiting = polls.clone();
        runtime.spawn(async move { waiting.of(Delay::new(Duration::from_secs(60))).await });
        // The workers may start late. Something periodic would never let 50 ms pass in silence.
        let silent = (0..40).any(|_| {
            let before = turns.load(Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(50));
            before >= 2 && before == turns.load(Ordering::SeqCst)
        });
        assert!(silent);
        assert_eq!(polls.count(), 1);
        runtime.shutdown_background();
    }

    #[tokio::test(start_paused = true)]
    async fn the_longest_duration_waits_instead_of_panicking() {
        let mut delay = pin!(Delay::new(Duration::MAX));
        assert!(
            delay.as_mut().poll(&mut Context::from_waker(std::task::Waker::noop())).is_pending()
        );
        let start = Instant::now();
        delay.await;
        let years = start.elapsed().as_secs() / (365 * 24 * 3600);
        assert_eq!(years, 30);
    }

    #[test]
    #[should_panic(expected = "there is no reactor running")]
    fn outside_a_runtime_it_panics() {
        // Never reached: creating the timer panics.
        drop(Delay::new(Duration::from_secs(1)));
    }
}
