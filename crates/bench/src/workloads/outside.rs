//! What comes from a thread that is none of the runtime's: to workers that sleep, and to busy ones. After
//! Tokio's `benches/rt_multi_threaded.rs`.

use super::each;
use crate::contender::{Contender, WORKERS};
use crate::measure::{Round, cpu, sample, timed};
use std::sync::Arc;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::thread;
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// Another thread spawns 10,000 and awaits them.
pub fn remote_idle<R: Contender>() -> Round {
    let runtime = R::start();
    let mut handles = Vec::new();
    Box::new(move || timed(10_000, || spawn_from_outside(&runtime, &mut handles, 10_000)))
}

fn spawn_from_outside<R: Contender>(runtime: &R, handles: &mut Vec<R::Join<()>>, tasks: usize) {
    handles.extend((0..tasks).map(|_| runtime.spawn_from_outside(async {})));
    runtime.block_on(each(handles.drain(..)));
}

/// Meanwhile, tasks compute for 10 µs at a time and yield.
pub fn remote_busy_yielding<R: Contender>() -> Round {
    let runtime = R::start();
    let mut handles = Vec::new();
    let mut busy = Vec::new();
    Box::new(move || {
        let goes_on = Arc::new(AtomicBool::new(true));
        busy.extend((0..2 * WORKERS).map(|_| {
            let goes_on = goes_on.clone();
            runtime.spawn_from_outside(async move {
                while goes_on.load(Relaxed) {
                    R::yield_now().await;
                    compute();
                }
            })
        }));
        thread::sleep(Duration::from_millis(1)); // until all workers are busy
        let sample = timed(1_000, || spawn_from_outside(&runtime, &mut handles, 1_000));
        goes_on.store(false, Relaxed);
        runtime.block_on(each(busy.drain(..)));
        sample
    })
}

/// Meanwhile, tasks compute for 10 µs and spawn the next. Two a worker: with one, it is chance whether
/// the second worker gets the other or serves what comes from outside.
pub fn remote_busy_spawning<R: Contender>() -> Round {
    fn next<R: Contender>(goes_on: Arc<AtomicUsize>) {
        R::detach(R::spawn(async move {
            if goes_on.load(Relaxed) > 0 {
                compute();
                next::<R>(goes_on);
            }
        }));
    }
    let runtime = R::start();
    let mut handles = Vec::new();
    Box::new(move || {
        let goes_on = Arc::new(AtomicUsize::new(1));
        for _ in 0..2 * WORKERS {
            let goes_on = goes_on.clone();
            R::detach(runtime.spawn_from_outside(async move { next::<R>(goes_on) }));
        }
        thread::sleep(Duration::from_millis(1)); // until all workers are busy
        let sample = timed(1_000, || spawn_from_outside(&runtime, &mut handles, 1_000));
        goes_on.store(0, Relaxed);
        while Arc::strong_count(&goes_on) > 1 {
            thread::sleep(Duration::from_micros(100));
        }
        sample
    })
}

fn compute() {
    let start = Instant::now();
    while start.elapsed() < Duration::from_micros(10) {
        thread::yield_now();
    }
}

/// All workers sleep; a thread wakes a task, and sleeps until that answers.
pub fn wake_idle<R: Contender>() -> Round {
    let runtime = R::start();
    let (ping, answered) = (Arc::new(Notify::new()), Arc::new(AtomicUsize::new(0)));
    let (pinged, answer, caller) = (ping.clone(), answered.clone(), thread::current());
    R::detach(runtime.spawn_from_outside(async move {
        loop {
            pinged.notified().await;
            answer.fetch_add(1, Release);
            caller.unpark();
        }
    }));
    wakes(answered, move || {
        let _runtime = &runtime; // lives as long as the round
        ping.notify_one();
    })
}

/// Calls, sleeps until there is an answer, and does it again when all sleep.
fn wakes(answered: Arc<AtomicUsize>, mut call: impl FnMut() + 'static) -> Round {
    const WAKES: usize = 50;
    Box::new(move || {
        let (mut time, cpu_before) = (Duration::ZERO, cpu());
        for _ in 0..WAKES {
            thread::sleep(Duration::from_micros(200)); // until the workers sleep
            let (answers, before) = (answered.load(Acquire), Instant::now());
            call();
            while answered.load(Acquire) == answers {
                thread::park();
            }
            time += before.elapsed();
        }
        sample(WAKES, time, cpu() - cpu_before)
    })
}

/// What [`wake_idle`] takes without a runtime: a thread sleeps until it is unparked, and answers.
pub fn wake_thread() -> Round {
    let (called, answered) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (calls, answers, caller) = (called.clone(), answered.clone(), thread::current());
    let sleeper = thread::spawn(move || {
        loop {
            while calls.load(Acquire) == answers.load(Relaxed) {
                thread::park();
            }
            answers.fetch_add(1, Release);
            caller.unpark();
        }
    });
    wakes(answered, move || {
        called.fetch_add(1, Release);
        sleeper.thread().unpark();
    })
}

/// As [`wake_idle`], but by spawning: one task, and one answer.
pub fn spawn_idle<R: Contender>() -> Round {
    let runtime = R::start();
    let answered = Arc::new(AtomicUsize::new(0));
    wakes(answered.clone(), move || {
        let (answer, caller) = (answered.clone(), thread::current());
        R::detach(runtime.spawn_from_outside(async move {
            answer.fetch_add(1, Release);
            caller.unpark();
        }));
    })
}
