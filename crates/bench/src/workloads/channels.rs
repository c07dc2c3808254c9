//! `tokio::sync::mpsc` on every runtime: what is measured is how each wakes. After Tokio's
//! `benches/sync_mpsc.rs`.

use crate::contender::Contender;
use crate::measure::{Round, timed};
use std::hint::black_box;
use tokio::sync::mpsc;

const SENDERS: usize = 5;
const MESSAGES: usize = 1_000;

async fn five_senders<R: Contender>(capacity: usize) {
    let (sender, mut receiver) = mpsc::channel(capacity);
    for _ in 0..SENDERS {
        let sender = sender.clone();
        R::detach(R::spawn(async move {
            for message in 0..MESSAGES {
                sender.send(message).await.expect("there is a receiver");
            }
        }));
    }
    for _ in 0..SENDERS * MESSAGES {
        black_box(receiver.recv().await);
    }
}

/// Five tasks send, and the future of `block_on` receives: on two workers and a third thread.
fn mpsc_outside<R: Contender>(capacity: usize) -> Round {
    let runtime = R::start();
    Box::new(move || {
        timed(4 * SENDERS * MESSAGES, || {
            for _ in 0..4 {
                runtime.block_on(five_senders::<R>(capacity));
            }
        })
    })
}

/// Five tasks send, and a task receives.
fn mpsc_inside<R: Contender>(capacity: usize) -> Round {
    let runtime = R::start();
    Box::new(move || {
        timed(4 * SENDERS * MESSAGES, || {
            for _ in 0..4 {
                runtime.block_on(runtime.spawn_from_outside(five_senders::<R>(capacity)));
            }
        })
    })
}

pub fn mpsc_contended<R: Contender>() -> Round {
    mpsc_outside::<R>(1_000_000)
}

pub fn mpsc_full<R: Contender>() -> Round {
    mpsc_outside::<R>(100)
}

pub fn mpsc_tasks_contended<R: Contender>() -> Round {
    mpsc_inside::<R>(1_000_000)
}

pub fn mpsc_tasks_full<R: Contender>() -> Round {
    mpsc_inside::<R>(100)
}

/// One future sends 5,000 and then receives them.
pub fn mpsc_uncontended<R: Contender>() -> Round {
    let runtime = R::start();
    Box::new(move || {
        timed(4 * 5_000, || {
            for _ in 0..4 {
                runtime.block_on(async {
                    let (sender, mut receiver) = mpsc::channel(1_000_000);
                    for message in 0..5_000 {
                        sender.send(message).await.expect("there is a receiver");
                    }
                    for _ in 0..5_000 {
                        black_box(receiver.recv().await);
                    }
                });
            }
        })
    })
}

/// 100 tasks in a ring pass ten tokens on.
pub fn ring<R: Contender>() -> Round {
    const TASKS: usize = 100;
    const TOKENS: usize = 10;
    const LAPS: usize = 20;
    let runtime = R::start();
    let (senders, receivers): (Vec<_>, Vec<_>) = (0..TASKS).map(|_| mpsc::channel(TOKENS)).unzip();
    let (home, mut arrived) = mpsc::channel(TOKENS);
    for (task, mut receiver) in receivers.into_iter().enumerate() {
        let next = senders[(task + 1) % TASKS].clone();
        let home = home.clone();
        R::detach(runtime.spawn_from_outside(async move {
            while let Some(hops) = receiver.recv().await {
                match usize::checked_sub(hops, 1) {
                    None => home.send(()).await.expect("it is waited for"),
                    Some(hops) => next.send(hops).await.expect("it is a ring"),
                }
            }
        }));
    }
    Box::new(move || {
        timed(TOKENS * LAPS * TASKS, || {
            runtime.block_on(async {
                for token in 0..TOKENS {
                    let start = &senders[token * TASKS / TOKENS];
                    start.send(LAPS * TASKS - 1).await.expect("it is a ring");
                }
                for _ in 0..TOKENS {
                    arrived.recv().await.expect("each token comes home");
                }
            });
        })
    })
}
