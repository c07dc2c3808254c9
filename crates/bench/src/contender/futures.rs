//! futures: its thread pool, and the pool for one thread. It has no timers and no sockets.

use super::{Column, Contender, WORKERS};
use futures::executor::{LocalPool, LocalSpawner, ThreadPool};
use futures::future::RemoteHandle;
use futures::task::{LocalSpawnExt, SpawnExt};
use std::cell::OnceCell;
use std::sync::OnceLock;

/// One for the whole process: where its tasks spawn, they have to name it.
pub struct Futures;

static FUTURES: OnceLock<ThreadPool> = OnceLock::new();

fn pool() -> &'static ThreadPool {
    let start = || ThreadPool::builder().pool_size(WORKERS).create();
    FUTURES.get_or_init(|| start().expect("threads can be started"))
}

impl Column for Futures {
    const NAME: &'static str = "futures";
}

impl Contender for Futures {
    type Join<T: Send + 'static> = RemoteHandle<T>;

    fn start() -> Self {
        pool();
        Self
    }

    fn block_on<F: Future>(&self, future: F) -> F::Output {
        futures::executor::block_on(future)
    }

    #[inline]
    fn spawn_from_outside<F>(&self, future: F) -> RemoteHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        Self::spawn(future)
    }

    #[inline]
    fn spawn<F>(future: F) -> RemoteHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        pool().spawn_with_handle(future).expect("it does not end")
    }

    fn detach<T: Send + 'static>(handle: RemoteHandle<T>) {
        handle.forget();
    }

    fn yield_now() -> impl Future<Output = ()> + Send {
        smol::future::yield_now()
    }
}

/// The executor for one thread. One for the whole thread.
pub struct FuturesCurrent;

thread_local! {
    static LOCAL_POOL: std::cell::RefCell<LocalPool> = std::cell::RefCell::default();
    static LOCAL_SPAWNER: OnceCell<LocalSpawner> = const { OnceCell::new() };
}

impl Column for FuturesCurrent {
    const NAME: &'static str = "futures";
}

impl Contender for FuturesCurrent {
    type Join<T: Send + 'static> = RemoteHandle<T>;

    fn start() -> Self {
        Self
    }

    fn block_on<F: Future>(&self, future: F) -> F::Output {
        LOCAL_POOL.with_borrow_mut(|pool| {
            LOCAL_SPAWNER.with(|spawner| drop(spawner.set(pool.spawner())));
            pool.run_until(future)
        })
    }

    fn spawn_from_outside<F>(&self, future: F) -> RemoteHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        Self::spawn(future)
    }

    fn spawn<F>(future: F) -> RemoteHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        LOCAL_SPAWNER.with(|spawner| {
            let spawner = spawner.get().expect("it is spawned from where the pool runs");
            spawner.spawn_local_with_handle(future).expect("the pool lives")
        })
    }

    fn detach<T: Send + 'static>(handle: RemoteHandle<T>) {
        handle.forget();
    }

    fn yield_now() -> impl Future<Output = ()> + Send {
        smol::future::yield_now()
    }
}
