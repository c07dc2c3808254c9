//! `tokio::sync::{Notify, watch}` on every runtime: one wakes many. After Tokio's
//! `benches/sync_notify.rs` and `sync_watch.rs`.

use crate::contender::Contender;
use crate::measure::{Round, timed};
use std::fmt::Write;
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed};
use std::thread;
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// 200 tasks wait; a thread notifies until there were 2,000 wake-ups.
fn notified<R: Contender>(notify_some: fn(&Notify)) -> Round {
    let runtime = R::start();
    let notify = Arc::new(Notify::new());
    let count = Arc::new(AtomicUsize::new(0));
    for _ in 0..200 {
        let (notify, count) = (notify.clone(), count.clone());
        R::detach(runtime.spawn_from_outside(async move {
            loop {
                notify.notified().await;
                count.fetch_add(1, Relaxed);
            }
        }));
    }
    Box::new(move || {
        let _runtime = &runtime; // lives as long as the round
        let sample = timed(2_000, || {
            count.store(0, Relaxed);
            while count.load(Relaxed) < 2_000 {
                notify_some(&notify);
            }
        });
        // Who is woken still has to run, and not in the next contender's round.
        let mut before = 0;
        while before != count.load(Relaxed) {
            before = count.load(Relaxed);
            thread::sleep(Duration::from_millis(1));
        }
        sample
    })
}

pub fn notify_one<R: Contender>() -> Round {
    notified::<R>(Notify::notify_one)
}

pub fn notify_waiters<R: Contender>() -> Round {
    notified::<R>(Notify::notify_waiters)
}

/// A task notifies 200 that wait, and goes on when the last of them has answered.
pub fn notify_tasks<R: Contender>() -> Round {
    const TASKS: usize = 200;
    const TIMES: usize = 20;
    let runtime = R::start();
    let (call, answer) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    // Those that have not answered yet.
    let left = Arc::new(AtomicUsize::new(TASKS));
    for _ in 0..TASKS {
        let (call, answer, left) = (call.clone(), answer.clone(), left.clone());
        R::detach(runtime.spawn_from_outside(async move {
            loop {
                let mut called = std::pin::pin!(call.notified());
                // Registered before it is counted: no call can be missed.
                called.as_mut().enable();
                if left.fetch_sub(1, AcqRel) == 1 {
                    answer.notify_one();
                }
                called.await;
            }
        }));
    }
    runtime.block_on(answer.notified());
    Box::new(move || {
        timed(TIMES * TASKS, || {
            let (call, answer, left) = (call.clone(), answer.clone(), left.clone());
            runtime.block_on(runtime.spawn_from_outside(async move {
                for _ in 0..TIMES {
                    left.store(TASKS, Relaxed);
                    call.notify_waiters();
                    answer.notified().await;
                }
            }));
        })
    })
}

/// 100 tasks watch a value, and work a little when it changes; the next change comes when all have.
pub fn watch<R: Contender>() -> Round {
    const TASKS: usize = 100;
    const CHANGES: usize = 50;
    let runtime = R::start();
    let sender = Arc::new(watch::channel(0_usize).0);
    let working = Arc::new((AtomicUsize::new(0), Notify::new()));
    for task in 0..TASKS {
        let mut receiver = sender.subscribe();
        let working = working.clone();
        R::detach(runtime.spawn_from_outside(async move {
            while receiver.changed().await.is_ok() {
                let value = *receiver.borrow();
                black_box(work(value + task));
                if working.0.fetch_sub(1, AcqRel) == 1 {
                    working.1.notify_one();
                }
            }
        }));
    }
    Box::new(move || {
        timed(CHANGES * TASKS, || {
            let (sender, working) = (sender.clone(), working.clone());
            runtime.block_on(runtime.spawn_from_outside(async move {
                for change in 0..CHANGES {
                    working.0.store(TASKS, Relaxed);
                    sender.send_replace(change);
                    while working.0.load(Acquire) > 0 {
                        working.1.notified().await;
                    }
                }
            }));
        })
    })
}

/// Under a microsecond, with an allocation.
fn work(seed: usize) -> usize {
    let mut message = String::new();
    for i in 0..10 {
        write!(message, " {i}={}", seed.wrapping_mul(i + 1)).expect("a string takes anything");
    }
    message.bytes().map(usize::from).sum()
}
