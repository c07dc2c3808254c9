//! What comes from a thread that is none of the runtime's: to workers that sleep, and to busy ones. After
//! Tokio's `benches/rt_multi_threaded.rs`.

use super::each;
use crate::contender::{Contender, WORKERS};
use crate::load::percentile;
use crate::measure::{Round, Sample, cpu, sample, timed};
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

/// Tasks that keep all workers busy: each computes for 10 µs, over and over. Two a worker: with one, it
/// is chance whether the second worker gets the other or serves what comes from outside.
pub struct Busy {
    /// Shared by the tasks, until each ends.
    left: Arc<Left>,
}

#[derive(Default)]
struct Left {
    ends: AtomicBool,
    /// The number of times that they have computed.
    times: AtomicUsize,
}

/// The same tasks go on, and yield after each.
pub fn yielding<R: Contender>(runtime: &R) -> Busy {
    Busy::start(|left| {
        R::detach(runtime.spawn_from_outside(async move {
            while left.computes() {
                R::yield_now().await;
            }
        }));
    })
}

/// Each spawns the next, and ends.
pub fn spawning<R: Contender>(runtime: &R) -> Busy {
    fn next<R: Contender>(left: Arc<Left>) {
        R::detach(R::spawn(async move {
            if left.computes() {
                next::<R>(left);
            }
        }));
    }
    Busy::start(|left| R::detach(runtime.spawn_from_outside(async move { next::<R>(left) })))
}

impl Left {
    /// Returns whether to go on.
    fn computes(&self) -> bool {
        let start = Instant::now();
        while start.elapsed() < Duration::from_micros(10) {
            thread::yield_now();
        }
        self.times.fetch_add(1, Relaxed);
        !self.ends.load(Relaxed)
    }
}

impl Busy {
    fn start(task: impl Fn(Arc<Left>)) -> Self {
        let left = Arc::new(Left::default());
        for _ in 0..2 * WORKERS {
            task(left.clone());
        }
        thread::sleep(Duration::from_millis(1)); // until all workers are busy
        Self { left }
    }

    fn end(self) {
        self.left.ends.store(true, Relaxed);
        while Arc::strong_count(&self.left) > 1 {
            thread::sleep(Duration::from_micros(100));
        }
    }
}

/// Another thread spawns a thousand and awaits them, while all workers are busy.
pub fn remote_busy<R: Contender>(keep_busy: fn(&R) -> Busy) -> Round {
    let runtime = R::start();
    let mut handles = Vec::new();
    Box::new(move || {
        let busy = keep_busy(&runtime);
        let sample = timed(1_000, || spawn_from_outside(&runtime, &mut handles, 1_000));
        busy.end();
        sample
    })
}

/// The figure that is measured while another thread spawns one task each 100 µs, and all workers are busy.
#[derive(Clone, Copy)]
pub enum Of {
    /// The time that a task waits for its first poll, and that this number in a hundred do not exceed.
    Wait(usize),
    /// The time that the busy tasks take, a worker, to compute for 10 µs.
    Own,
}

pub fn remote_paced<R: Contender>(keep_busy: fn(&R) -> Busy, of: Of) -> Round {
    const TASKS: usize = 200;
    let runtime = R::start();
    let mut handles = Vec::with_capacity(TASKS);
    Box::new(move || {
        let busy = keep_busy(&runtime);
        let (times_before, cpu_before, before) =
            (busy.left.times.load(Relaxed), cpu(), Instant::now());
        for _ in 0..TASKS {
            let spawned = Instant::now();
            handles.push(runtime.spawn_from_outside(async move { spawned.elapsed() }));
            thread::sleep(Duration::from_micros(100));
        }
        let times = busy.left.times.load(Relaxed) - times_before;
        let (all, cpu) = (before.elapsed(), cpu() - cpu_before);
        let waits = runtime.block_on(async {
            let mut waits = Vec::with_capacity(TASKS);
            for handle in handles.drain(..) {
                waits.push(handle.await);
            }
            waits
        });
        busy.end();
        match of {
            Of::Own => sample(times, all * WORKERS as u32, cpu),
            Of::Wait(percent) => {
                let wait = percentile(waits, percent).as_nanos() as f64;
                Sample { time: wait, ..sample(TASKS, all, cpu) }
            }
        }
    })
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
