//! Everything on the caller's thread: the tasks, and the future of `block_on`. After Tokio's
//! `benches/rt_current_thread.rs` and `spawn.rs`.

use super::each;
use super::spawning::exchange;
use super::yielding::with_socket;
use crate::contender::{Contender, Sockets};
use crate::measure::{Round, timed};
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use tokio::sync::Notify;

/// A future spawns a thousand, then awaits them.
pub fn spawn<R: Contender>() -> Round {
    const TASKS: usize = 1_000;
    let runtime = R::start();
    let mut handles = Vec::with_capacity(TASKS);
    Box::new(move || {
        timed(10 * TASKS, || {
            runtime.block_on(async {
                for _ in 0..10 {
                    handles.extend((0..TASKS).map(|_| R::spawn(async {})));
                    each(handles.drain(..)).await;
                }
            });
        })
    })
}

/// A call of `block_on` with a future that is ready.
pub fn block_on_empty<R: Contender>() -> Round {
    let runtime = R::start();
    Box::new(move || {
        timed(100_000, || {
            for _ in 0..100_000 {
                runtime.block_on(black_box(std::future::ready(())));
            }
        })
    })
}

/// A call of `block_on` that spawns a task which yields once, and awaits it.
pub fn block_on<R: Contender>() -> Round {
    blocks_on((R::start(), ()))
}

/// The same beside a socket that nobody uses.
pub fn block_on_socket<R: Sockets>() -> Round {
    blocks_on(with_socket::<R>())
}

fn blocks_on<R: Contender>((runtime, beside): (R, impl Sized + 'static)) -> Round {
    Box::new(move || {
        let _beside = &beside; // lives as long as the round
        timed(10_000, || {
            for _ in 0..10_000 {
                runtime.block_on(async { R::spawn(R::yield_now()).await });
            }
        })
    })
}

fn yields<R: Contender>(
    (runtime, beside): (R, impl Sized + 'static),
    tasks: usize,
    yields: usize,
) -> Round {
    let mut handles = Vec::with_capacity(tasks);
    Box::new(move || {
        let _beside = &beside; // lives as long as the round
        timed(tasks * yields, || {
            runtime.block_on(async {
                handles.extend((0..tasks).map(|_| {
                    R::spawn(async move {
                        for _ in 0..yields {
                            R::yield_now().await;
                        }
                    })
                }));
                each(handles.drain(..)).await;
            });
        })
    })
}

/// 200 tasks yield.
pub fn yield_many<R: Contender>() -> Round {
    yields((R::start(), ()), 200, 500)
}

/// Two tasks yield.
pub fn yield_few<R: Contender>() -> Round {
    yields((R::start(), ()), 2, 10_000)
}

/// The same beside a socket that nobody uses.
pub fn yield_few_socket<R: Sockets>() -> Round {
    yields(with_socket::<R>(), 2, 10_000)
}

/// As [`spawning::ping_pong`](super::spawning::ping_pong).
pub fn ping_pong<R: Contender>() -> Round {
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
                            exchange::<R>().await;
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
