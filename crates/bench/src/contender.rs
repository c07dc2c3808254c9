//! The runtimes, behind a few traits: each with two workers, or on the caller's thread alone.

mod like_tokio;
mod smol;
mod futures;
#[cfg(all(feature = "io-uring", target_os = "linux"))]
mod compio;

#[cfg(all(feature = "io-uring", target_os = "linux"))]
pub use self::compio::Compio;
pub use self::futures::{Futures, FuturesCurrent};
#[cfg(beside)]
pub use self::like_tokio::{Beside, BesideCurrent};
pub use self::like_tokio::{Tiny, TinyCurrent, Tokio, TokioCurrent};
pub use self::smol::{Executor, ExecutorCurrent, Smol, SmolCurrent};
use std::net::TcpListener;
use std::time::Duration;

/// Threads that poll tasks.
pub const WORKERS: usize = 2;

/// A column of the table.
pub trait Column: Sized + 'static {
    const NAME: &'static str;
}

/// A runtime. Dropped, it is shut down, unless it is one for the whole process.
pub trait Contender: Column {
    /// The handle of a spawned task.
    type Join<T: Send + 'static>: Future<Output = T> + Send + Unpin;

    fn start() -> Self;

    fn block_on<F: Future>(&self, future: F) -> F::Output;

    /// From a thread that is none of the runtime's.
    fn spawn_from_outside<F>(&self, future: F) -> Self::Join<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static;

    /// Spawns from a future that this runtime polls.
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

/// A contender that runs closures on threads beside its workers.
pub trait Blocking: Contender {
    /// Starts at once.
    fn unblock(work: impl FnOnce() + Send + 'static) -> impl Future<Output = ()> + Send + Unpin;
}

/// A contender that has timers.
pub trait Timers: Contender {
    fn sleep(duration: Duration) -> impl Future<Output = ()> + Send;

    /// Ends with the future, or when the time is over. Returns whether the future was first.
    fn timeout(
        duration: Duration,
        future: impl Future<Output = ()> + Send,
    ) -> impl Future<Output = bool> + Send;
}

/// A contender that has sockets.
pub trait Sockets: Contender {
    /// One that nobody sends anything to.
    fn idle_socket(&self) -> impl Sized + use<Self>;
}

/// A server that answers over sockets.
pub trait Net: Column {
    /// Answers what comes over each connection with the same, until it is dropped.
    fn echo(listener: TcpListener) -> Self;
}

/// A contender that hyper can serve with.
pub trait Http: Column {
    /// Answers each request with [`ANSWER`], until it is dropped.
    fn http(listener: TcpListener) -> Self;
}

/// The body of each HTTP answer.
pub const ANSWER: &str = "Hello, world!";

/// Serves one connection with hyper, until the client goes.
async fn hello(stream: impl hyper::rt::Read + hyper::rt::Write + Unpin) {
    let answer = hyper::service::service_fn(async |_| {
        Ok::<_, std::convert::Infallible>(hyper::Response::new(ANSWER.to_owned()))
    });
    // The client may go in the middle of a request.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(stream, answer).await;
}

/// The loop of a server, for sockets of any kind: `AsyncReadExt` and `AsyncWriteExt` are the caller's.
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
use echo;
