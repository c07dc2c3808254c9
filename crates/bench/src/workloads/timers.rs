//! Timers: most are set and cancelled; those that fire, fire together.
//!
//! Contains `unsafe`: many timers pinned in one allocation.

use super::each;
use crate::contender::{Timers, WORKERS};
use crate::measure::{Round, cpu, sample, timed};
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::sync_channel;
use std::task::Poll;
use std::time::{Duration, Instant};

/// Sets so many timers, up to an hour ahead, then drops them all; at least 200,000 a round.
pub fn insert_and_cancel<R: Timers, const TIMERS: usize>() -> Round {
    let runtime = R::start();
    let times = (200_000 / TIMERS).max(1);
    Box::new(move || {
        timed(times * TIMERS, || {
            runtime.block_on(runtime.spawn_from_outside(async move {
                let mut random = 1_u64;
                for _ in 0..times {
                    set_and_drop::<R>(TIMERS, &mut random).await;
                }
            }));
        })
    })
}

async fn set_and_drop<R: Timers>(count: usize, random: &mut u64) {
    let mut timers = Vec::with_capacity(count);
    std::future::poll_fn(|context| {
        for _ in 0..count {
            *random ^= *random << 13;
            *random ^= *random >> 7;
            *random ^= *random << 17;
            timers.push(R::sleep(Duration::from_millis(1_000 + *random % 3_600_000)));
            let timer = timers.last_mut().expect("just pushed");
            // SAFETY: the vector has room for all and does not grow: they stay where they are until
            // they are dropped.
            let timer = unsafe { Pin::new_unchecked(timer) };
            assert!(timer.poll(context).is_pending());
        }
        timers.clear();
        Poll::Ready(())
    })
    .await;
}

/// Sets one timer and drops it, over and over: a timeout of what is ready soon.
pub fn timeout<R: Timers>() -> Round {
    timeouts(R::start())
}

/// The same beside a task that wakes every 100 ms: no deadline is the next, and none has to be told
/// to whoever sleeps in the driver.
pub fn timeout_beside<R: Timers>() -> Round {
    let runtime = R::start();
    let wanted = Arc::new(());
    let beside = wanted.clone();
    R::detach(runtime.spawn_from_outside(async move {
        while Arc::strong_count(&beside) > 1 {
            R::sleep(Duration::from_millis(100)).await;
        }
    }));
    let mut round = timeouts(runtime);
    Box::new(move || {
        let _wanted = &wanted; // lives as long as the round
        round()
    })
}

fn timeouts<R: Timers>(runtime: R) -> Round {
    const TIMERS: usize = 50_000;
    Box::new(move || {
        timed(WORKERS * TIMERS, || {
            let task = || async {
                for _ in 0..TIMERS {
                    let mut timer = pin!(R::sleep(Duration::from_secs(1)));
                    std::future::poll_fn(|context| {
                        black_box(timer.as_mut().poll(context).is_pending());
                        Poll::Ready(())
                    })
                    .await;
                }
            };
            let tasks: Vec<_> = (0..WORKERS).map(|_| runtime.spawn_from_outside(task())).collect();
            runtime.block_on(each(tasks));
        })
    })
}

/// 100,000 tasks sleep until the same moment. Measured from there until the last has run.
pub fn firing<R: Timers>() -> Round {
    const TIMERS: usize = 100_000;
    let runtime = R::start();
    let left = Arc::new(AtomicUsize::new(0));
    let (done, all_done) = sync_channel(1);
    Box::new(move || {
        let mut ahead = Duration::from_millis(250);
        loop {
            left.store(TIMERS, Relaxed);
            let moment = Instant::now() + ahead;
            let waiting = Arc::new(AtomicUsize::new(0));
            let (left, done, counted) = (left.clone(), done.clone(), waiting.clone());
            R::detach(runtime.spawn_from_outside(async move {
                for _ in 0..TIMERS {
                    let (left, done, waiting) = (left.clone(), done.clone(), counted.clone());
                    R::detach(R::spawn(async move {
                        waiting.fetch_add(1, Relaxed);
                        R::sleep(moment.saturating_duration_since(Instant::now())).await;
                        if left.fetch_sub(1, Relaxed) == 1 {
                            done.send(()).expect("it is waited for");
                        }
                    }));
                }
            }));
            let rest = moment.saturating_duration_since(Instant::now());
            std::thread::sleep(rest.saturating_sub(Duration::from_millis(10)));
            let all_wait = waiting.load(Relaxed) == TIMERS;
            let cpu_before = cpu();
            all_done.recv().expect("the last task sends");
            if all_wait {
                return sample(TIMERS, moment.elapsed(), cpu() - cpu_before);
            }
            ahead *= 2; // the machine was too slow to set them all
        }
    })
}
