//! Tasks that spawn tasks, and await them. After Tokio's `benches/rt_multi_threaded.rs` and `spawn.rs`.

use super::each;
use crate::contender::Contender;
use crate::measure::{Round, timed};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::{SyncSender, sync_channel};
use tokio::sync::oneshot;

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

/// A task spawns this number of tasks, then awaits them; at least 10,000 a round.
pub fn spawn_and_join_many<R: Contender>(tasks: usize) -> Round {
    let runtime = R::start();
    let times = (10_000 / tasks).max(1);
    Box::new(move || {
        timed(times * tasks, || {
            run(&runtime, async move {
                let mut handles = Vec::with_capacity(tasks);
                for _ in 0..times {
                    handles.extend((0..tasks).map(|_| R::spawn(async {})));
                    each(handles.drain(..)).await;
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

/// A message to a partner, which is spawned for it, and one back.
pub(super) async fn exchange<R: Contender>() {
    let (ping, pinged) = oneshot::channel();
    let (pong, ponged) = oneshot::channel();
    R::detach(R::spawn(async move {
        pinged.await.expect("it is sent");
        pong.send(()).expect("it is waited for");
    }));
    ping.send(()).expect("it is waited for");
    ponged.await.expect("it is sent");
}

async fn ping_pong_of<R: Contender>(pairs: usize, done: SyncSender<()>, left: Arc<AtomicUsize>) {
    left.store(pairs, Relaxed);
    for _ in 0..pairs {
        let (done, left) = (done.clone(), left.clone());
        R::detach(R::spawn(async move {
            exchange::<R>().await;
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
