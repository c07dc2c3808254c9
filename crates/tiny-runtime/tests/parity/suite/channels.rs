//! Tokio's channels and locks, which tiny-runtime uses as they are, know Tokio's runtime alone: its
//! budget, its timers, and which of its threads may not block.

use super::rt::{spawn, task::coop, time::Instant, time::timeout, time::timeout_at};
use super::{either, on_each_flavor, workers};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, RwLock, mpsc, oneshot};

/// The way out, on both, for a loop whose operations are all ready: it takes units itself.
#[test]
fn a_timeout_around_a_channel_that_is_always_ready_fires_if_the_loop_consumes_budget() {
    on_each_flavor(async || {
        let endless = async {
            let (sender, mut receiver) = mpsc::channel(4);
            loop {
                sender.send(1).await.unwrap();
                receiver.recv().await.unwrap();
                coop::consume_budget().await;
            }
        };
        let ended: Result<(), _> = timeout(Duration::from_millis(1), endless).await;
        ended.unwrap_err();
    });
}

#[test]
fn a_timeout_around_a_channel_that_is_always_ready_fires_on_tokio_alone() {
    on_each_flavor(async || {
        let thousand = async {
            let (sender, mut receiver) = mpsc::channel(4);
            for _ in 0..1_000 {
                sender.send(1).await.unwrap();
                receiver.recv().await.unwrap();
            }
        };
        let passed = Instant::now() - Duration::from_secs(1);
        assert_eq!(timeout_at(passed, thousand).await.is_ok(), either(false, true));
    });
}

#[test]
fn blocking_on_a_channel_or_a_lock_in_a_task_panics_on_tokio_alone() {
    // Nothing has to wait, so that nothing hangs.
    let (sender, receiver) = oneshot::channel();
    sender.send(1).unwrap();
    let (many, mut receives) = mpsc::channel(4);
    many.try_send(1).unwrap();
    let (lock, shared) = (Arc::new(Mutex::new(1)), Arc::new(RwLock::new(1)));
    let runtime = workers(1);
    let tasks = [
        runtime.spawn(async move { receiver.blocking_recv().unwrap() }),
        runtime.spawn(async move { receives.blocking_recv().unwrap() }),
        runtime.spawn(async move { many.blocking_send(2).map_or(0, |()| 1) }),
        runtime.spawn(async move { *lock.blocking_lock() }),
        runtime.spawn(async move { *shared.blocking_write() }),
    ];
    for task in tasks {
        assert_eq!(runtime.block_on(task).is_err(), either(true, false));
    }
}

#[test]
fn send_timeout_works_on_tokio_alone() {
    workers(1).block_on(async {
        let (sender, _receiver) = mpsc::channel(1);
        let sends = spawn(async move {
            sender.send(1).await.unwrap();
            sender.send_timeout(2, Duration::from_millis(1)).await.is_err()
        });
        assert_eq!(sends.await.is_ok(), either(true, false));
    });
}

/// The way out: a timeout of the runtime's own.
#[test]
fn a_timeout_around_send_works_on_both() {
    workers(1).block_on(async {
        let (sender, _receiver) = mpsc::channel(1);
        sender.send(1).await.unwrap();
        assert!(timeout(Duration::from_millis(1), sender.send(2)).await.is_err());
    });
}
