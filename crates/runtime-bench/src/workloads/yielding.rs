//! Tasks that give way over and over: two hundred, or two a worker. After Tokio's
//! `benches/rt_multi_threaded.rs`.

use crate::contender::{Contender, WORKERS};
use crate::measure::{Round, timed};
use std::sync::mpsc::sync_channel;

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
