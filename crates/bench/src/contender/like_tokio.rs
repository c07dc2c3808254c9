//! Tokio, and tiny-runtime, which has its names and paths.

use super::{Blocking, Column, Contender, Http, Net, Sockets, Timers, WORKERS, echo, hello};
use hyper_util::rt::TokioIo;
use std::net::TcpListener;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

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

/// `$module` has Tokio's names and paths: that is Tokio, or tiny-runtime.
macro_rules! like_tokio {
    ($name:literal, $multi:ident, $single:ident, $module:ident) => {
        like_tokio!($name, $multi, $module, |builder| builder::new_multi_thread().worker_threads(WORKERS));
        like_tokio!($name, $single, $module, |builder| builder::new_current_thread());

        impl $multi {
            /// Starts a runtime, and takes the listener into it.
            fn with(listener: TcpListener) -> (Self, $module::net::TcpListener) {
                let runtime = Self::start();
                listener.set_nonblocking(true).expect("it is a socket");
                let current = runtime.0.enter();
                let listener = $module::net::TcpListener::from_std(listener).expect("it is a socket");
                drop(current);
                (runtime, listener)
            }
        }

        impl Net for $multi {
            fn echo(listener: TcpListener) -> Self {
                #[allow(unused_imports, reason = "tiny-runtime's are not in traits")]
                use tokio::io::{AsyncReadExt, AsyncWriteExt};
                let (runtime, listener) = Self::with(listener);
                runtime.0.spawn(echo!(listener, $module::spawn));
                runtime
            }
        }

        impl Http for $multi {
            fn http(listener: TcpListener) -> Self {
                let (runtime, listener) = Self::with(listener);
                runtime.0.spawn(async move {
                    loop {
                        let (stream, _) = listener.accept().await.expect("there are descriptors");
                        $module::spawn(hello(TokioIo::new(stream)));
                    }
                });
                runtime
            }
        }

        impl Blocking for $multi {
            fn unblock(
                work: impl FnOnce() + Send + 'static,
            ) -> impl Future<Output = ()> + Send + Unpin {
                Join($module::task::spawn_blocking(work))
            }
        }
    };
    ($name:literal, $type:ident, $module:ident, |builder| builder::$new:ident()$(.$set:ident($value:expr))?) => {
        pub struct $type($module::runtime::Runtime);

        impl Column for $type {
            const NAME: &'static str = $name;
        }

        impl Contender for $type {
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

            async fn timeout(
                duration: Duration,
                future: impl Future<Output = ()> + Send,
            ) -> bool {
                $module::time::timeout(duration, future).await.is_ok()
            }
        }

        impl Sockets for $type {
            fn idle_socket(&self) -> impl Sized + use<> {
                let socket = self.0.block_on($module::net::UdpSocket::bind("127.0.0.1:0"));
                socket.expect("there is a port")
            }
        }
    };
}

like_tokio!("tiny", Tiny, TinyCurrent, tiny_runtime);
like_tokio!("tokio", Tokio, TokioCurrent, tokio);
// Another version of tiny-runtime, which `scripts/bench --beside` adds.
#[cfg(beside)]
like_tokio!("beside", Beside, BesideCurrent, beside);
