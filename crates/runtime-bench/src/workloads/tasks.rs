//! Spawning, joining, yielding: what a scheduler does. After Tokio's `benches/rt_multi_threaded.rs`,
//! `rt_current_thread.rs` and `spawn.rs`.

use crate::contender::{Contender, WORKERS};
use crate::measure::{Round, cpu, sample, timed};
use std::sync::Arc;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};
use tokio::sync::{Notify, oneshot};

/// Runs a task and waits for it without any help of the runtime.
fn run<R: Contender>(runtime: &R, task: impl Future<Output = ()> + Send + 'static) {
    let (done, all_done) = sync_channel(1);
    R::detach(runtime.spawn_from_outside(async move {
        task.await;
        done.send(()).expect("it is waited for");
    }));
    all_done.recv().expect("the task ends");
}

/// A task spawns 10,000; the last to end says so.
pub fn spawn_many<R: Contender>() -> Round {
    const TASKS: usize = 10_000;
    let runtime = R::start();
    let left = Arc::new(AtomicUsize::new(0));
    let (done, all_done) = sync_channel(1);
    Box::new(move || {
        timed(TASKS, || {
            left.store(TASKS, Relaxed);
            let (left, done) = (left.clone(), done.clone());
            R::detach(runtime.spawn_from_outside(async move {
                for _ in 0..TASKS {
                    let (left, done) = (left.clone(), done.clone());
                    R::detach(R::spawn(async move {
                        if left.fetch_sub(1, Relaxed) == 1 {
                            done.send(()).expect("it is waited for");
                        }
                    }));
                }
            }));
            all_done.recv().expect("the last task sends");
        })
    })
}

/// A task spawns one, awaits it, spawns the next.
pub fn spawn_and_join<R: Contender>() -> Round {
    const TASKS: usize = 10_000;
    let runtime = R::start();
    Box::new(move || {
        timed(TASKS, || {
            run(&runtime, async {
                for task in 0..TASKS {
                    assert_eq!(R::spawn(async move { task }).await, task);
                }
            });
        })
    })
}

/// A task spawns a thousand, then awaits them.
pub fn spawn_and_join_many<R: Contender>() -> Round {
    const TASKS: usize = 1_000;
    let runtime = R::start();
    Box::new(move || {
        timed(10 * TASKS, || {
            run(&runtime, async {
                let mut handles = Vec::with_capacity(TASKS);
                for _ in 0..10 {
                    handles.extend((0..TASKS).map(|_| R::spawn(async {})));
                    for handle in handles.drain(..) {
                        handle.await;
                    }
                }
            });
        })
    })
}

/// Each task spawns the next.
pub fn chained_spawn<R: Contender>() -> Round {
    const TASKS: usize = 10_000;
    fn next<R: Contender>(done: SyncSender<()>, left: usize) {
        match left.checked_sub(1) {
            None => done.send(()).expect("it is waited for"),
            Some(left) => R::detach(R::spawn(async move { next::<R>(done, left) })),
        }
    }
    let runtime = R::start();
    let (done, all_done) = sync_channel(1);
    Box::new(move || {
        timed(TASKS, || {
            let done = done.clone();
            R::detach(runtime.spawn_from_outside(async move { next::<R>(done, TASKS) }));
            all_done.recv().expect("the last task sends");
        })
    })
}

async fn ping_pong_of<R: Contender>(pairs: usize, done: SyncSender<()>, left: Arc<AtomicUsize>) {
    left.store(pairs, Relaxed);
    for _ in 0..pairs {
        let (done, left) = (done.clone(), left.clone());
        R::detach(R::spawn(async move {
            let (ping, pinged) = oneshot::channel();
            let (pong, ponged) = oneshot::channel();
            R::detach(R::spawn(async move {
                pinged.await.expect("it is sent");
                pong.send(()).expect("it is waited for");
            }));
            ping.send(()).expect("it is waited for");
            ponged.await.expect("it is sent");
            if left.fetch_sub(1, Relaxed) == 1 {
                done.send(()).expect("it is waited for");
            }
        }));
    }
}

/// A thousand tasks, each of which spawns a partner, with a message there and one back.
pub fn ping_pong<R: Contender>() -> Round {
    const PAIRS: usize = 1_000;
    let runtime = R::start();
    let left = Arc::new(AtomicUsize::new(0));
    let (done, all_done) = sync_channel(1);
    Box::new(move || {
        timed(5 * PAIRS, || {
            for _ in 0..5 {
                let ping_pong = ping_pong_of::<R>(PAIRS, done.clone(), left.clone());
                R::detach(runtime.spawn_from_outside(ping_pong));
                all_done.recv().expect("the last pair sends");
            }
        })
    })
}

/// Another thread spawns 10,000 and awaits them.
pub fn remote_idle<R: Contender>() -> Round {
    let runtime = R::start();
    let mut handles = Vec::new();
    Box::new(move || timed(10_000, || spawn_from_outside(&runtime, &mut handles, 10_000)))
}

fn spawn_from_outside<R: Contender>(runtime: &R, handles: &mut Vec<R::Join<()>>, tasks: usize) {
    handles.extend((0..tasks).map(|_| runtime.spawn_from_outside(async {})));
    runtime.block_on(async {
        for handle in handles.drain(..) {
            handle.await;
        }
    });
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
        runtime.block_on(async {
            for busy in busy.drain(..) {
                busy.await;
            }
        });
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

fn yields<R: Contender>(tasks: usize, yields: usize) -> Round {
    let runtime = R::start();
    let (done, all_done) = sync_channel(tasks);
    Box::new(move || {
        timed(tasks * yields, || {
            for _ in 0..tasks {
                let done = done.clone();
                R::detach(runtime.spawn_from_outside(async move {
                    for _ in 0..yields {
                        R::yield_now().await;
                    }
                    done.send(()).expect("it is waited for");
                }));
            }
            for _ in 0..tasks {
                all_done.recv().expect("each task sends");
            }
        })
    })
}

/// 200 tasks yield a thousand times.
pub fn yield_many<R: Contender>() -> Round {
    yields::<R>(200, 1_000)
}

/// Four tasks, two a worker, yield.
pub fn yield_few<R: Contender>() -> Round {
    yields::<R>(2 * WORKERS, 5_000)
}

/// On the caller's thread: a future spawns a thousand, then awaits them.
pub fn current_spawn<R: Contender>() -> Round {
    const TASKS: usize = 1_000;
    let runtime = R::start();
    let mut handles = Vec::with_capacity(TASKS);
    Box::new(move || {
        timed(10 * TASKS, || {
            runtime.block_on(async {
                for _ in 0..10 {
                    handles.extend((0..TASKS).map(|_| R::spawn(async {})));
                    for handle in handles.drain(..) {
                        handle.await;
                    }
                }
            });
        })
    })
}

/// On the caller's thread: a call of `block_on` that spawns a task which yields once, and awaits it.
pub fn current_block_on<R: Contender>() -> Round {
    let runtime = R::start();
    Box::new(move || {
        timed(10_000, || {
            for _ in 0..10_000 {
                runtime.block_on(async { R::spawn(R::yield_now()).await });
            }
        })
    })
}

fn current_yields<R: Contender>(tasks: usize, yields: usize) -> Round {
    let runtime = R::start();
    let mut handles = Vec::with_capacity(tasks);
    Box::new(move || {
        timed(tasks * yields, || {
            runtime.block_on(async {
                handles.extend((0..tasks).map(|_| {
                    R::spawn(async move {
                        for _ in 0..yields {
                            R::yield_now().await;
                        }
                    })
                }));
                for handle in handles.drain(..) {
                    handle.await;
                }
            });
        })
    })
}

/// On the caller's thread: 200 tasks yield.
pub fn current_yield_many<R: Contender>() -> Round {
    current_yields::<R>(200, 500)
}

/// On the caller's thread: two tasks yield.
pub fn current_yield_few<R: Contender>() -> Round {
    current_yields::<R>(2, 10_000)
}

/// On the caller's thread: as [`ping_pong`].
pub fn current_ping_pong<R: Contender>() -> Round {
    const PAIRS: usize = 1_000;
    let runtime = R::start();
    let left = Arc::new(AtomicUsize::new(0));
    Box::new(move || {
        timed(5 * PAIRS, || {
            for _ in 0..5 {
                left.store(PAIRS, Relaxed);
                runtime.block_on(async {
                    let (all_done, done) = (Arc::new(Notify::new()), left.clone());
                    for _ in 0..PAIRS {
                        let (left, all_done) = (done.clone(), all_done.clone());
                        R::detach(R::spawn(async move {
                            let (ping, pinged) = oneshot::channel();
                            let (pong, ponged) = oneshot::channel();
                            R::detach(R::spawn(async move {
                                pinged.await.expect("it is sent");
                                pong.send(()).expect("it is waited for");
                            }));
                            ping.send(()).expect("it is waited for");
                            ponged.await.expect("it is sent");
                            if left.fetch_sub(1, Relaxed) == 1 {
                                all_done.notify_one();
                            }
                        }));
                    }
                    all_done.notified().await;
                });
            }
        })
    })
}
