//! The runtimes, behind one trait: each with two workers, or on the caller's thread alone.

use futures::executor::{LocalPool, LocalSpawner, ThreadPool};
use futures::future::RemoteHandle;
use futures::task::{LocalSpawnExt, SpawnExt};
use std::cell::OnceCell;
use std::net::TcpListener;
use std::pin::Pin;
use std::sync::OnceLock;
use std::task::{Context, Poll};
use std::time::Duration;

/// Threads that poll tasks.
pub const WORKERS: usize = 2;

/// A runtime. Dropped, it is shut down, unless it is one for the whole process.
pub trait Contender: Sized + 'static {
    const NAME: &'static str;
    /// What a spawned task returns.
    type Join<T: Send + 'static>: Future<Output = T> + Send + Unpin;

    fn start() -> Self;

    fn block_on<F: Future>(&self, future: F) -> F::Output;

    /// From a thread that is none of the runtime's.
    fn spawn_from_outside<F>(&self, future: F) -> Self::Join<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static;

    /// Where this runtime polls futures.
    fn spawn<F>(future: F) -> Self::Join<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static;

    /// The task goes on without anyone waiting for it.
    fn detach<T: Send + 'static>(join: Self::Join<T>) {
        drop(join);
    }

    fn yield_now() -> impl Future<Output = ()> + Send;
}

/// A contender that has timers.
pub trait Timers: Contender {
    fn sleep(duration: Duration) -> impl Future<Output = ()> + Send;
}

/// A contender that has sockets.
pub trait Net: Contender {
    /// Answers what comes over each connection with the same, until the runtime ends.
    fn echo(&self, listener: TcpListener);
}

/// A handle of a task that neither panics nor is aborted.
pub struct Join<J>(J);

impl<J, T, E: std::fmt::Debug> Future for Join<J>
where
    J: Future<Output = Result<T, E>> + Unpin,
{
    type Output = T;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        Pin::new(&mut self.0).poll(context).map(|output| output.expect("no task panics"))
    }
}

macro_rules! echo {
    ($listener:expr, $spawn:expr) => {
        async move {
            loop {
                let (mut stream, _) = $listener.accept().await.expect("there are descriptors");
                $spawn(async move {
                    let mut buffer = [0; 1024];
                    // Ends when the client goes.
                    while let Ok(read @ 1..) = stream.read(&mut buffer).await {
                        if stream.write_all(&buffer[..read]).await.is_err() {
                            break;
                        }
                    }
                });
            }
        }
    };
}

/// `$module` has Tokio's names and paths: that is Tokio, or tiny-runtime.
macro_rules! like_tokio {
    ($name:literal, $multi:ident, $single:ident, $module:ident) => {
        like_tokio!($name, $multi, $module, |builder| builder::new_multi_thread().worker_threads(WORKERS));
        like_tokio!($name, $single, $module, |builder| builder::new_current_thread());

        impl Net for $multi {
            fn echo(&self, listener: TcpListener) {
                #[allow(unused_imports, reason = "tiny-runtime's are not in traits")]
                use tokio::io::{AsyncReadExt, AsyncWriteExt};
                listener.set_nonblocking(true).expect("it is a socket");
                let _current = self.0.enter();
                let listener = $module::net::TcpListener::from_std(listener).expect("it is a socket");
                self.0.spawn(echo!(listener, $module::spawn));
            }
        }
    };
    ($name:literal, $type:ident, $module:ident, |builder| builder::$new:ident()$(.$set:ident($value:expr))?) => {
        pub struct $type($module::runtime::Runtime);

        impl Contender for $type {
            const NAME: &'static str = $name;
            type Join<T: Send + 'static> = Join<$module::task::JoinHandle<T>>;

            fn start() -> Self {
                let mut builder = $module::runtime::Builder::$new();
                $(builder.$set($value);)?
                Self(builder.enable_all().build().expect("threads can be started"))
            }

            fn block_on<F: Future>(&self, future: F) -> F::Output {
                self.0.block_on(future)
            }

            #[inline]
            fn spawn_from_outside<F>(&self, future: F) -> Self::Join<F::Output>
            where
                F: Future + Send + 'static,
                F::Output: Send + 'static,
            {
                Join(self.0.spawn(future))
            }

            #[inline]
            fn spawn<F>(future: F) -> Self::Join<F::Output>
            where
                F: Future + Send + 'static,
                F::Output: Send + 'static,
            {
                Join($module::spawn(future))
            }

            fn yield_now() -> impl Future<Output = ()> + Send {
                $module::task::yield_now()
            }
        }

        impl Timers for $type {
            fn sleep(duration: Duration) -> impl Future<Output = ()> + Send {
                $module::time::sleep(duration)
            }
        }
    };
}

like_tokio!("tiny", Tiny, TinyCurrent, tiny_runtime);
like_tokio!("tokio", Tokio, TokioCurrent, tokio);

/// One for the whole process, as `smol::spawn` has it, but with two threads.
pub struct Smol;

static SMOL: smol::Executor<'static> = smol::Executor::new();

impl Contender for Smol {
    const NAME: &'static str = "smol";
    type Join<T: Send + 'static> = smol::Task<T>;

    fn start() -> Self {
        static STARTED: OnceLock<()> = OnceLock::new();
        STARTED.get_or_init(|| {
            for _ in 0..WORKERS {
                std::thread::spawn(|| smol::block_on(SMOL.run(smol::future::pending::<()>())));
            }
        });
        Self
    }

    fn block_on<F: Future>(&self, future: F) -> F::Output {
        smol::block_on(future)
    }

    #[inline]
    fn spawn_from_outside<F>(&self, future: F) -> smol::Task<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        SMOL.spawn(future)
    }

    #[inline]
    fn spawn<F>(future: F) -> smol::Task<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        SMOL.spawn(future)
    }

    fn detach<T: Send + 'static>(task: smol::Task<T>) {
        task.detach();
    }

    fn yield_now() -> impl Future<Output = ()> + Send {
        smol::future::yield_now()
    }
}

impl Timers for Smol {
    async fn sleep(duration: Duration) {
        smol::Timer::after(duration).await;
    }
}

impl Net for Smol {
    fn echo(&self, listener: TcpListener) {
        use smol::io::{AsyncReadExt, AsyncWriteExt};
        let listener = smol::Async::new(listener).expect("it is a socket");
        SMOL.spawn(echo!(listener, |echo| SMOL.spawn(echo).detach())).detach();
    }
}

/// One for the whole process: where its tasks spawn, they have to name it.
pub struct Futures;

static FUTURES: OnceLock<ThreadPool> = OnceLock::new();

fn pool() -> &'static ThreadPool {
    let start = || ThreadPool::builder().pool_size(WORKERS).create();
    FUTURES.get_or_init(|| start().expect("threads can be started"))
}

impl Contender for Futures {
    const NAME: &'static str = "futures";
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

/// smol's executor for one thread. One for the whole thread.
pub struct SmolCurrent;

thread_local! {
    static SMOL_CURRENT: &'static smol::LocalExecutor<'static> = Box::leak(Box::default());
}

impl Contender for SmolCurrent {
    const NAME: &'static str = "smol";
    type Join<T: Send + 'static> = smol::Task<T>;

    fn start() -> Self {
        Self
    }

    fn block_on<F: Future>(&self, future: F) -> F::Output {
        smol::block_on(SMOL_CURRENT.with(|executor| executor.run(future)))
    }

    fn spawn_from_outside<F>(&self, future: F) -> smol::Task<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        Self::spawn(future)
    }

    fn spawn<F>(future: F) -> smol::Task<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        SMOL_CURRENT.with(|executor| executor.spawn(future))
    }

    fn detach<T: Send + 'static>(task: smol::Task<T>) {
        task.detach();
    }

    fn yield_now() -> impl Future<Output = ()> + Send {
        smol::future::yield_now()
    }
}

/// futures' executor for one thread. One for the whole thread.
pub struct FuturesCurrent;

thread_local! {
    static LOCAL_POOL: std::cell::RefCell<LocalPool> = std::cell::RefCell::default();
    static LOCAL_SPAWNER: OnceCell<LocalSpawner> = const { OnceCell::new() };
}

impl Contender for FuturesCurrent {
    const NAME: &'static str = "futures";
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
