//! smol, and async-executor alone: the same executor, with smol's reactor for timers and sockets on the
//! threads that run it, or without.

use super::{Blocking, Column, Contender, Http, Net, Sockets, Timers, WORKERS, echo, hello};
use smol_hyper::rt::FuturesIo;
use std::net::{TcpListener, UdpSocket};
use std::sync::OnceLock;
use std::time::Duration;

macro_rules! async_executor {
    ($name:literal, $multi:ident, $single:ident, $block_on:path) => {
        /// One for the whole process, as `smol::spawn` has it, but with two threads.
        pub struct $multi;

        impl $multi {
            fn executor() -> &'static smol::Executor<'static> {
                static EXECUTOR: smol::Executor<'static> = smol::Executor::new();
                &EXECUTOR
            }
        }

        async_executor!(@contender $name, $multi, |future| $block_on(future), {
            static STARTED: OnceLock<()> = OnceLock::new();
            STARTED.get_or_init(|| {
                for _ in 0..WORKERS {
                    let run = Self::executor().run(smol::future::pending::<()>());
                    std::thread::spawn(|| $block_on(run));
                }
            });
        });

        /// The executor for one thread. One for the whole thread.
        pub struct $single;

        impl $single {
            fn executor() -> &'static smol::LocalExecutor<'static> {
                thread_local! {
                    static EXECUTOR: &'static smol::LocalExecutor<'static> = Box::leak(Box::default());
                }
                EXECUTOR.with(|executor| *executor)
            }
        }

        async_executor!(@contender $name, $single, |future| $block_on(Self::executor().run(future)), {});
    };
    (@contender $name:literal, $type:ident, |$future:ident| $block_on:expr, $start:block) => {
        impl Column for $type {
            const NAME: &'static str = $name;
        }

        impl Contender for $type {
            type Join<T: Send + 'static> = smol::Task<T>;

            fn start() -> Self {
                $start
                Self
            }

            fn block_on<F: Future>(&self, $future: F) -> F::Output {
                $block_on
            }

            #[inline]
            fn spawn_from_outside<F>(&self, future: F) -> smol::Task<F::Output>
            where
                F: Future + Send + 'static,
                F::Output: Send + 'static,
            {
                Self::spawn(future)
            }

            #[inline]
            fn spawn<F>(future: F) -> smol::Task<F::Output>
            where
                F: Future + Send + 'static,
                F::Output: Send + 'static,
            {
                Self::executor().spawn(future)
            }

            fn detach<T: Send + 'static>(task: smol::Task<T>) {
                task.detach();
            }

            fn yield_now() -> impl Future<Output = ()> + Send {
                smol::future::yield_now()
            }
        }
    };
}

async_executor!("smol", Smol, SmolCurrent, smol::block_on);
async_executor!("executor", Executor, ExecutorCurrent, smol::future::block_on);

impl Blocking for Smol {
    fn unblock(work: impl FnOnce() + Send + 'static) -> impl Future<Output = ()> + Send + Unpin {
        smol::unblock(work)
    }
}

/// Implements timers and sockets with smol's reactor, for the executor of many threads and for that of one.
macro_rules! reactor {
    ($type:ident) => {
        impl Timers for $type {
            /// The deadline counts from here, as on the others.
            fn sleep(duration: Duration) -> impl Future<Output = ()> + Send {
                let timer = smol::Timer::after(duration);
                async move {
                    timer.await;
                }
            }

            /// As the documentation of `smol::Timer` does it.
            fn timeout(
                duration: Duration,
                future: impl Future<Output = ()> + Send,
            ) -> impl Future<Output = bool> + Send {
                let first = async {
                    future.await;
                    true
                };
                let second = async move {
                    smol::Timer::after(duration).await;
                    false
                };
                smol::future::or(first, second)
            }
        }

        impl Sockets for $type {
            fn idle_socket(&self) -> impl Sized + use<> {
                smol::Async::<UdpSocket>::bind(([127, 0, 0, 1], 0)).expect("there is a port")
            }
        }
    };
}

reactor!(Smol);
reactor!(SmolCurrent);

impl Net for Smol {
    fn echo(listener: TcpListener) -> Self {
        use smol::io::{AsyncReadExt, AsyncWriteExt};
        let listener = smol::Async::new(listener).expect("it is a socket");
        Self::spawn(echo!(listener, |echo| Self::spawn(echo).detach())).detach();
        Self::start()
    }
}

impl Http for Smol {
    fn http(listener: TcpListener) -> Self {
        let listener = smol::Async::new(listener).expect("it is a socket");
        let serve = async move {
            loop {
                let (stream, _) = listener.accept().await.expect("there are descriptors");
                Self::spawn(hello(FuturesIo::new(stream))).detach();
            }
        };
        Self::spawn(serve).detach();
        Self::start()
    }
}
