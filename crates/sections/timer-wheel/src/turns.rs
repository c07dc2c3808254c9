//! Deep dive 8 — For `sleep(5000 ms)` Tokio's wheel stops at 4096, 4992 and 5000 ms, not 78 times.

use std::io;
use std::sync::{Arc, Mutex};
use tokio::runtime::Builder;
use tokio::time::{Duration, Instant, sleep};

pub fn main() -> io::Result<()> {
    for millis in [64, 4_096, 5_000, 300_000, (1 << 36) - 1, 70_000_000_000] {
        println!("sleep({millis} ms): {:?}", turns(millis)?);
    }
    Ok(())
}

/// The milliseconds at which a runtime woke up while nothing but this sleep was in it.
///
/// A paused clock jumps to the instant for which the timer driver would have slept, and that is
/// the next turn of the wheel: the start of a slot, or the deadline itself.
pub fn turns(millis: u64) -> io::Result<Vec<u128>> {
    let turns = Arc::new(Mutex::new(Vec::new()));
    let log = turns.clone();
    let runtime = Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        // A lock is poisoned only by a panic of its holder; `push` has none.
        .on_thread_unpark(move || log.lock().unwrap().push(Instant::now()))
        .build()?;
    let start = runtime.block_on(async {
        let start = Instant::now();
        sleep(Duration::from_millis(millis)).await;
        start
    });
    let turns = turns.lock().unwrap();
    Ok(turns.iter().map(|turn| (*turn - start).as_millis()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wheel::{self, Wheel};
    use std::pin::pin;
    use std::sync::mpsc::channel;
    use std::task::{Context, Poll, Waker};
    use std::thread;
    use tokio::time::advance;
    use utils::probe::{CountingWaker, Polls};

    const HORIZON: u64 = 1 << 36;

    /// Proves D-8-1, D-8-6.
    #[test]
    fn the_driver_turns_at_the_start_of_each_slot_on_the_way() {
        assert_eq!(turns(4_096).unwrap(), [4_096]);
        assert_eq!(turns(5_000).unwrap(), [4_096, 4_992, 5_000]);
        assert_eq!(turns(300_000).unwrap(), [262_144, 299_008, 299_968, 300_000]);
        assert_eq!(turns(70_000_000_000).unwrap()[0], 1_073_741_824);
    }

    /// With the five levels of the document there would be five turns. The instant 2^36 ms itself is
    /// the start of a slot of the top level: one turn.
    /// Proves D-8-1, D-8-3.
    #[test]
    fn tokio_has_six_levels() {
        let starts = [1 << 30, 1 << 24, 1 << 18, 1 << 12, 1 << 6, 1].map(|width| HORIZON - width);
        assert_eq!(turns(HORIZON - 1).unwrap(), starts.map(u128::from));
        assert_eq!(turns(HORIZON).unwrap(), [u128::from(HORIZON)]);
    }

    #[test]
    fn the_wheel_of_this_crate_and_that_of_tokio_turn_at_the_same_instants() {
        let deadlines = [
            1,
            63,
            64,
            65,
            127,
            128,
            4_095,
            4_096,
            4_097,
            5_000,
            262_143,
            262_144,
            300_000,
            3_600_000,
            86_400_000,
            (1 << 30) + 10,
            HORIZON - 1,
            HORIZON,
            HORIZON + 5,
            70_000_000_000,
        ];
        assert_eq!(deadlines.len(), 20);
        for millis in deadlines {
            let own: Vec<_> = wheel::turns(millis).into_iter().map(u128::from).collect();
            assert_eq!(turns(millis).unwrap(), own, "{millis}");
        }
    }

    /// From a later start the same duration takes other turns: `elapsed XOR when` counts.
    #[test]
    fn both_wheels_agree_after_some_time_has_passed() {
        for (first, second) in [(60, 70), (5_000, 5_000), (4_095, 1), (262_143, 2)] {
            let (log, turns) = channel();
            let runtime = Builder::new_current_thread()
                .enable_time()
                .start_paused(true)
                .on_thread_unpark(move || log.send(Instant::now()).unwrap())
                .build()
                .unwrap();
            let start = runtime.block_on(async {
                let start = Instant::now();
                sleep(Duration::from_millis(first)).await;
                sleep(Duration::from_millis(second)).await;
                start
            });
            drop(runtime);
            let mut turns: Vec<_> = turns.iter().map(|turn| (turn - start).as_millis()).collect();
            // The first sleep wakes the root future, and a wake-up lets the next park return.
            turns.dedup();

            let mut wheel = Wheel::new();
            let mut own = Vec::new();
            for when in [first, first + second] {
                wheel.insert(when);
                own.extend(std::iter::from_fn(|| wheel.turn()).map(|(now, _)| u128::from(now)));
            }
            assert_eq!(turns, own, "{first}, {second}");
        }
    }

    #[test]
    fn a_turn_that_only_moves_a_timer_polls_nobody() {
        let (log, turns) = channel();
        let runtime = Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .on_thread_unpark(move || log.send(()).unwrap())
            .build()
            .unwrap();
        let polls = Polls::new();
        runtime.block_on(async { polls.of(sleep(Duration::from_millis(300_000))).await });
        drop(runtime);
        assert_eq!((turns.iter().count(), polls.count()), (4, 2));
    }

    /// The deadline alone makes nothing ready: the wheel turns when its thread parks or yields.
    #[tokio::test(start_paused = true)]
    async fn a_passed_deadline_waits_for_the_driver() {
        let (counter, waker) = CountingWaker::new();
        let mut cx = Context::from_waker(&waker);
        let mut timer = pin!(sleep(Duration::from_millis(5)));
        assert_eq!(timer.as_mut().poll(&mut cx), Poll::Pending);

        // Its first poll moves the clock, and only its yield lets the driver run.
        let mut jump = pin!(advance(Duration::from_millis(100)));
        assert!(jump.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        assert!(timer.deadline() < Instant::now());
        assert_eq!(timer.as_mut().poll(&mut cx), Poll::Pending);
        assert_eq!(counter.wakes(), 0);

        tokio::task::yield_now().await;
        assert_eq!(counter.wakes(), 1);
        assert_eq!(timer.as_mut().poll(&mut cx), Poll::Ready(()));
    }

    /// The thread in the driver would sleep for an hour, were it not woken to look again.
    #[test]
    fn a_shorter_deadline_wakes_the_thread_that_sleeps_in_the_driver() {
        let (parked, has_parked) = channel();
        let (done, is_done) = channel();
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_time()
            // The last parks come after the end of the test, when nobody listens.
            .on_thread_park(move || {
                let _ = parked.send(());
            })
            .build()
            .unwrap();
        runtime.spawn(async { sleep(Duration::from_secs(3_600)).await });
        has_parked.recv().unwrap();
        let handle = runtime.handle().clone();
        thread::spawn(move || {
            let _entered = handle.enter();
            park_until(sleep(Duration::from_millis(1)));
            done.send(()).unwrap();
        });
        is_done.recv_timeout(std::time::Duration::from_secs(30)).expect("the driver sleeps on");
        runtime.shutdown_background();
    }

    /// Not `Runtime::block_on`, which could turn the driver itself.
    fn park_until(future: impl Future<Output = ()>) {
        struct Unpark(thread::Thread);
        impl std::task::Wake for Unpark {
            fn wake(self: Arc<Self>) {
                self.0.unpark();
            }
        }
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let mut future = pin!(future);
        while future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
            thread::park();
        }
    }

    /// One wheel a runtime, each with its own clock.
    /// Proves D-8-7.
    #[test]
    fn two_runtimes_share_neither_wheel_nor_clock() {
        let new = || Builder::new_current_thread().enable_time().start_paused(true).build();
        let (first, second) = (new().unwrap(), new().unwrap());
        let start = second.block_on(async { Instant::now() });
        first.block_on(async {
            let start = Instant::now();
            sleep(Duration::from_secs(5)).await;
            assert_eq!(start.elapsed(), Duration::from_secs(5));
        });
        assert_eq!(second.block_on(async { Instant::now() }), start);
    }
}
