//! `tokio::sync::Mutex` on every runtime: each wakes the next.

use super::each;
use crate::contender::Contender;
use crate::measure::{Round, timed};
use std::sync::Arc;
use tokio::sync::Mutex;

/// Ten tasks lock the same.
pub fn mutex<R: Contender>() -> Round {
    const TASKS: usize = 10;
    const LOCKS: usize = 1_000;
    let runtime = R::start();
    let count = Arc::new(Mutex::new(0));
    Box::new(move || {
        timed(TASKS * LOCKS, || {
            let task = || {
                let count = count.clone();
                runtime.spawn_from_outside(async move {
                    for _ in 0..LOCKS {
                        *count.lock().await += 1;
                    }
                })
            };
            let tasks: Vec<_> = (0..TASKS).map(|_| task()).collect();
            runtime.block_on(each(tasks));
        })
    })
}
