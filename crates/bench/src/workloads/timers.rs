//! Timers: most are set and cancelled; those that fire, fire together.
//!
//! Contains `unsafe`: many timers pinned in one allocation.

use super::each;
use crate::contender::{Contender, Timers, WORKERS};
use crate::measure::{Round, cpu, sample, timed};
use std::future::poll_fn;
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::sync_channel;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

/// Sets this number of timers, up to an hour ahead, then drops them all; at least 200,000 a round.
pub fn insert_and_cancel<R: Timers>(timers: usize) -> Round {
    let runtime = R::start();
    let times = (200_000 / timers).max(1);
    Box::new(move || {
        timed(times * timers, || {
            runtime.block_on(runtime.spawn_from_outside(async move {
                let mut random = Random(1);
                for _ in 0..times {
                    set_and_drop::<R>(timers, &mut random).await;
                }
            }));
        })
    })
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// From a minute, which no round takes, to an hour.
    fn ahead(&mut self) -> Duration {
        Duration::from_millis(60_000 + self.next() % 3_540_000)
    }
}

async fn set_and_drop<R: Timers>(count: usize, random: &mut Random) {
    let mut timers = Vec::with_capacity(count);
    poll_once(|context| {
        for _ in 0..count {
            timers.push(R::sleep(random.ahead()));
            let timer = timers.last_mut().expect("just pushed");
            // SAFETY: the vector has room for all and does not grow: they stay where they are until
            // they are dropped.
            set(unsafe { Pin::new_unchecked(timer) }, context);
        }
        timers.clear();
    })
    .await;
}

/// Holds this number of timers; cancels any one of them and sets it anew, over and over.
pub fn held<R: Timers>(timers: usize) -> Round {
    hold(R::start(), timers, R::sleep)
}

fn hold<R: Timers, S>(runtime: R, timers: usize, sleep: fn(Duration) -> S) -> Round
where
    S: Future<Output = ()> + Send + 'static,
{
    const CHANGES: usize = 50_000;
    let mut random = Random(1);
    let fill = async move {
        let mut held: Vec<_> = (0..timers).map(|_| Box::pin(sleep(random.ahead()))).collect();
        poll_once(|context| held.iter_mut().for_each(|timer| set(timer.as_mut(), context))).await;
        (held, random)
    };
    let mut kept = Some(runtime.block_on(runtime.spawn_from_outside(fill)));
    Box::new(move || {
        let (mut held, mut random) = kept.take().expect("the last round has put it back");
        let change = async move {
            poll_once(|context| {
                for _ in 0..CHANGES {
                    let any = random.next() as usize % held.len();
                    held[any].set(sleep(random.ahead()));
                    set(held[any].as_mut(), context);
                }
            })
            .await;
            (held, random)
        };
        timed(CHANGES, || kept = Some(runtime.block_on(runtime.spawn_from_outside(change))))
    })
}

fn set(timer: Pin<&mut impl Future>, context: &mut Context<'_>) {
    assert!(timer.poll(context).is_pending());
}

/// Does it where futures are polled.
async fn poll_once(mut work: impl FnMut(&mut Context<'_>)) {
    poll_fn(|context| {
        work(context);
        Poll::Ready(())
    })
    .await;
}

/// Makes a timer and drops it: nobody has polled it.
pub fn dropped<R: Timers>() -> Round {
    on_each_worker(R::start(), || async { drop(black_box(R::sleep(Duration::from_secs(1)))) })
}

/// A timeout around what is ready.
pub fn timeout_ready<R: Timers>() -> Round {
    on_each_worker(R::start(), || async {
        let ready = std::future::ready(());
        assert!(R::timeout(Duration::from_secs(1), ready).await);
    })
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
    on_each_worker(runtime, || async {
        let mut timer = pin!(R::sleep(Duration::from_secs(1)));
        poll_once(|context| _ = black_box(timer.as_mut().poll(context))).await;
    })
}

/// A task on each worker does it, over and over.
fn on_each_worker<R: Contender, F>(runtime: R, work: fn() -> F) -> Round
where
    F: Future<Output = ()> + Send + 'static,
{
    const TIMES: usize = 50_000;
    Box::new(move || {
        timed(WORKERS * TIMES, || {
            let task = || async move {
                for _ in 0..TIMES {
                    work().await;
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
