//! `tokio::sync` knows no runtime: its channels and locks are not written twice.

use super::rt::{self, runtime::Runtime, task::JoinSet, task::yield_now};
use super::{one_thread, workers};
use std::sync::Arc;
use tokio::sync::{Barrier, Mutex, Notify, OnceCell, RwLock, Semaphore};
use tokio::sync::{broadcast, mpsc, oneshot, watch};

const RUNTIMES: [fn() -> Runtime; 3] = [one_thread, || workers(1), || workers(2)];

#[test]
fn mpsc_delivers_each_message_once_and_each_sender_in_its_order() {
    for runtime in RUNTIMES {
        rt::block_on(&runtime(), async {
            for capacity in [1, 7, 1_000] {
                let (sender, mut receiver) = mpsc::channel(capacity);
                for producer in 0..10 {
                    let sender = sender.clone();
                    rt::spawn(async move {
                        for number in 0..200 {
                            sender.send((producer, number)).await.unwrap();
                        }
                    });
                }
                drop(sender);
                let mut next = [0; 10];
                while let Some((producer, number)) = receiver.recv().await {
                    assert_eq!(next[producer], number);
                    next[producer] += 1;
                }
                assert_eq!(next, [200; 10]);
            }
        });
    }
}

#[test]
fn a_ring_of_channels_passes_its_token_round() {
    for runtime in RUNTIMES {
        let rounds = rt::block_on(&runtime(), async {
            let (first, mut previous) = mpsc::channel::<u32>(1);
            for _ in 0..100 {
                let (next, receiver) = mpsc::channel(1);
                let mut from = std::mem::replace(&mut previous, receiver);
                rt::spawn(async move {
                    while let Some(token) = from.recv().await {
                        if next.send(token + 1).await.is_err() {
                            break;
                        }
                    }
                });
            }
            let mut token = 0;
            for _ in 0..20 {
                first.send(token).await.unwrap();
                token = previous.recv().await.unwrap();
            }
            token
        });
        assert_eq!(rounds, 2_000);
    }
}

#[test]
fn oneshot_broadcast_and_watch_reach_their_receivers() {
    for runtime in RUNTIMES {
        rt::block_on(&runtime(), async {
            let (sender, receiver) = oneshot::channel();
            let answer = rt::spawn(async { receiver.await.unwrap() });
            sender.send(42).unwrap();
            assert_eq!(answer.await.unwrap(), 42);

            let (sender, _) = broadcast::channel(16);
            let mut sums = JoinSet::new();
            for _ in 0..5 {
                let mut receiver = sender.subscribe();
                sums.spawn(async move {
                    let mut sum = 0;
                    while let Ok(number) = receiver.recv().await {
                        sum += number;
                    }
                    sum
                });
            }
            (1..=10).for_each(|number| assert_eq!(sender.send(number).unwrap(), 5));
            drop(sender);
            assert_eq!(sums.join_all().await, [55; 5]);

            let (sender, receiver) = watch::channel(0);
            let mut watchers = JoinSet::new();
            for mut receiver in vec![receiver; 5] {
                watchers
                    .spawn(async move { *receiver.wait_for(|&seen| seen == 100).await.unwrap() });
            }
            for number in 1..=100 {
                sender.send(number).unwrap();
                yield_now().await;
            }
            assert_eq!(watchers.join_all().await, [100; 5]);
        });
    }
}

#[test]
fn locks_exclude_and_permits_are_counted() {
    for runtime in RUNTIMES {
        rt::block_on(&runtime(), async {
            let (sum, log) = (Arc::new(Mutex::new(0)), Arc::new(RwLock::new(0)));
            let permits = Arc::new(Semaphore::new(3));
            let mut tasks = JoinSet::new();
            for _ in 0..50 {
                let (sum, log, permits) = (sum.clone(), log.clone(), permits.clone());
                tasks.spawn(async move {
                    for _ in 0..20 {
                        let _permit = permits.acquire().await.unwrap();
                        assert!(permits.available_permits() < 3);
                        let mut sum = sum.lock().await;
                        let before = *sum;
                        yield_now().await;
                        *sum = before + 1;
                        let read = *log.read().await;
                        drop(sum);
                        *log.write().await += 1;
                        assert!(read <= *log.read().await);
                    }
                });
            }
            while let Some(task) = tasks.join_next().await {
                task.unwrap();
            }
            assert_eq!((*sum.lock().await, *log.read().await), (1_000, 1_000));
            assert_eq!(permits.available_permits(), 3);
        });
    }
}

#[test]
fn notify_barrier_and_once_cell_wake_their_waiters() {
    for runtime in RUNTIMES {
        rt::block_on(&runtime(), async {
            let (notify, barrier) = (Arc::new(Notify::new()), Arc::new(Barrier::new(11)));
            let cell = Arc::new(OnceCell::new());
            let mut tasks = JoinSet::new();
            for number in 0..10 {
                let (notify, barrier, cell) = (notify.clone(), barrier.clone(), cell.clone());
                tasks.spawn(async move {
                    let notified = notify.notified();
                    barrier.wait().await;
                    notified.await;
                    let init = async || {
                        yield_now().await;
                        number
                    };
                    *cell.get_or_init(init).await
                });
            }
            barrier.wait().await;
            notify.notify_waiters();
            let values = tasks.join_all().await;
            assert!(values.iter().all(|&value| value == values[0]));
        });
    }
}

/// From a plain thread, and from one of the pool.
#[test]
fn channels_cross_over_to_threads_that_block() {
    for runtime in RUNTIMES {
        let runtime = runtime();
        let (sender, mut receiver) = mpsc::channel(2);
        let from_thread = std::thread::spawn({
            let sender = sender.clone();
            move || (0..500).for_each(|number| sender.blocking_send(number).unwrap())
        });
        rt::spawn_blocking_on(&runtime, move || {
            (0..500).for_each(|number| sender.blocking_send(number).unwrap());
        });
        let task = rt::spawn_on(&runtime, async move {
            let mut sum = 0;
            while let Some(number) = receiver.recv().await {
                sum += number;
            }
            sum
        });
        assert_eq!(rt::block_on(&runtime, task).unwrap(), 2 * 499 * 250);
        from_thread.join().unwrap();
    }
}
