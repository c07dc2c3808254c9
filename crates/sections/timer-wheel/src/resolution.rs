//! Deep dive 8 — Timers are whole milliseconds, rounded up: `sleep(1 ms)` can take 2 ms.

use tokio::task::JoinSet;
use tokio::time::{Duration, Instant, advance, sleep};

/// A clock that stands still can be read to the nanosecond. Only `current_thread` can stop it.
#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn main() {
    for nanos in [0, 1, 1_000_000, 1_001_000, 2_000_000] {
        let asked = Duration::from_nanos(nanos);
        println!("sleep({asked:?}) takes {:?}", time_of(asked).await);
    }
    println!("{:?} fire in this order", order_of([1_900, 1_500, 1_100]).await);

    // The deadline is rounded up and now is rounded down: the driver sleeps for the difference.
    advance(Duration::from_micros(500)).await;
    for micros in [100, 1_000] {
        let asked = Duration::from_micros(micros);
        println!("between two milliseconds, sleep({asked:?}) takes {:?}", time_of(asked).await);
    }
}

async fn time_of(asked: Duration) -> Duration {
    let start = Instant::now();
    sleep(asked).await;
    start.elapsed()
}

/// The order in which timers of so many microseconds fire, when they are started in this order.
async fn order_of(micros: [u64; 3]) -> Vec<Duration> {
    let mut timers = JoinSet::new();
    for asked in micros.map(Duration::from_micros) {
        timers.spawn(async move {
            sleep(asked).await;
            asked
        });
    }
    timers.join_all().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;
    use std::sync::{Arc, Mutex};
    use std::task::{Context, Wake, Waker};
    use tokio::runtime::Builder;
    use utils::probe::in_child;

    const MILLI: Duration = Duration::from_millis(1);

    /// Proves D-8-7.
    #[tokio::test(start_paused = true)]
    async fn a_sleep_is_rounded_up_to_a_millisecond() {
        for (nanos, millis) in [
            (0, 0),
            (1, 1),
            (999_999, 1),
            (1_000_000, 1),
            (1_000_001, 2),
            (1_001_000, 2),
            (1_999_999, 2),
            (2_000_000, 2),
        ] {
            let asked = Duration::from_nanos(nanos);
            assert_eq!(time_of(asked).await, Duration::from_millis(millis), "{asked:?}");
        }
    }

    /// Ticks are counted from the start of the runtime. From 0.5 ms on, 1 ms is due at tick 2, and
    /// from tick 0 the driver sleeps two: until 2.5 ms.
    #[tokio::test(start_paused = true)]
    async fn between_two_ticks_the_rounding_adds_up_to_a_millisecond() {
        advance(Duration::from_micros(500)).await;
        assert_eq!(time_of(Duration::from_micros(100)).await, MILLI);
        assert_eq!(time_of(MILLI).await, 2 * MILLI);
    }

    /// A driver that is awake for another reason fires it at its tick: 2 ms.
    #[tokio::test(start_paused = true)]
    async fn a_timer_is_due_at_its_tick() {
        let mut cx = Context::from_waker(Waker::noop());
        advance(Duration::from_micros(500)).await;
        let mut timer = pin!(sleep(MILLI));
        assert!(timer.as_mut().poll(&mut cx).is_pending());
        advance(Duration::from_micros(1_499)).await;
        assert!(timer.as_mut().poll(&mut cx).is_pending());
        advance(Duration::from_micros(1)).await;
        assert!(timer.as_mut().poll(&mut cx).is_ready());
    }

    #[test]
    fn a_real_clock_is_never_early() {
        let runtime = Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            for asked in [Duration::from_micros(100), MILLI] {
                assert!(time_of(asked).await >= asked);
            }
        });
    }

    /// Proves D-8-7.
    #[tokio::test(start_paused = true)]
    async fn deadlines_within_one_millisecond_fire_as_they_were_started() {
        let asked = [1_900, 1_500, 1_100];
        assert_eq!(order_of(asked).await, asked.map(Duration::from_micros));
        let asked = [2_100, 1_500, 1_100];
        assert_eq!(order_of(asked).await, [1_500, 1_100, 2_100].map(Duration::from_micros));
    }

    /// Seen by the wakers themselves, without a queue of tasks in between; more than the 32 that
    /// the driver wakes at a time.
    #[tokio::test(start_paused = true)]
    async fn equal_deadlines_wake_first_in_first_out() {
        struct Log(usize, Arc<Mutex<Vec<usize>>>);
        impl Wake for Log {
            fn wake(self: Arc<Self>) {
                self.1.lock().unwrap().push(self.0);
            }
        }
        let log = Arc::new(Mutex::new(Vec::new()));
        let mut timers: Vec<_> = (0..100).map(|_| Box::pin(sleep(5 * MILLI))).collect();
        for (number, timer) in timers.iter_mut().enumerate() {
            let waker = Waker::from(Arc::new(Log(number, log.clone())));
            assert!(timer.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        }
        sleep(6 * MILLI).await;
        assert_eq!(*log.lock().unwrap(), Vec::from_iter(0..100));
    }

    /// A deadline of now is ready at its first poll: the wheel never sees it.
    #[tokio::test(start_paused = true)]
    async fn a_sleep_of_zero_is_ready_at_once() {
        let mut cx = Context::from_waker(Waker::noop());
        assert!(pin!(sleep(Duration::ZERO)).poll(&mut cx).is_ready());
        assert!(pin!(sleep(Duration::from_nanos(1))).poll(&mut cx).is_pending());
    }

    /// Proves D-8-7.
    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    #[should_panic = "`time::pause()` requires the `current_thread` Tokio runtime."]
    async fn only_a_current_thread_runtime_can_stop_its_clock() {
        tokio::time::pause();
    }

    #[test]
    fn a_clock_that_stands_cannot_be_stopped_again() {
        let ended = in_child(Duration::from_secs(2), || {
            let runtime =
                Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
            runtime.block_on(async { tokio::time::pause() });
        });
        assert!(!ended.hung && !ended.status.success());
        assert!(ended.stderr.contains("time is already frozen"), "{}", ended.stderr);
    }
}
