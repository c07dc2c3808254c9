//! Programs that are drawn on both runtimes. `rt` is the one or the other.

use super::rt::{spawn, task, time};
use std::sync::Arc;
use std::time::Duration;
use time::{sleep, timeout};
use timeline::named;
use tokio::sync::{Mutex, mpsc, oneshot};

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

pub async fn two_timers() {
    tokio::join!(named("price", sleep(ms(10))), named("stock", sleep(ms(20))));
}

pub async fn the_loser_is_dropped() {
    let slow = named("slow", async {
        sleep(ms(5)).await;
        sleep(ms(500)).await;
    });
    timeout(ms(30), slow).await.unwrap_err();
}

pub async fn tasks_that_wait_for_each_other() {
    let (sender, mut receiver) = mpsc::channel(1);
    let task = spawn(async move {
        for number in 0..3 {
            sender.send(number).await.unwrap();
        }
        sleep(ms(1)).await;
    });
    while receiver.recv().await.is_some() {}
    task.await.unwrap();
}

pub async fn a_lock() {
    let lock = Arc::new(Mutex::new(()));
    let hold = |lock: Arc<Mutex<()>>| async move {
        let _guard = lock.lock().await;
        sleep(ms(10)).await;
    };
    let (first, second) = (spawn(hold(lock.clone())), spawn(hold(lock)));
    first.await.unwrap();
    second.await.unwrap();
}

pub async fn tasks_that_end_in_every_way() {
    let (send, receive) = oneshot::channel();
    let ready = spawn(async move { send.send(()).unwrap() });
    receive.await.unwrap();
    ready.await.unwrap();
    let panics = spawn(async { std::panic::resume_unwind(Box::new(())) });
    let ended: Result<(), _> = panics.await;
    assert!(ended.unwrap_err().is_panic());
    let waits = spawn(std::future::pending::<()>());
    task::yield_now().await;
    waits.abort();
    assert!(waits.await.unwrap_err().is_cancelled());
    spawn(sleep(ms(1000)));
    sleep(ms(1)).await;
}

pub async fn many() {
    let mut tasks = task::JoinSet::new();
    for millis in [3, 1, 2] {
        tasks.spawn(async move {
            sleep(ms(millis)).await;
            task::yield_now().await;
        });
    }
    while tasks.join_next().await.is_some() {}
}
