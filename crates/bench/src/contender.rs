//! The runtimes, behind one trait: each with two workers, or on the caller's thread alone.

mod like_tokio;
mod smol;
mod futures;

pub use self::futures::{Futures, FuturesCurrent};
pub use self::like_tokio::{Tiny, TinyCurrent, Tokio, TokioCurrent};
pub use self::smol::{Smol, SmolCurrent};
use std::net::TcpListener;
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
pub trait Sockets: Contender {
    /// One that nobody sends anything to.
    fn idle_socket(&self) -> impl Sized + use<Self>;
}

/// A contender whose sockets are read beside what else it does.
pub trait Net: Contender {
    /// Answers what comes over each connection with the same, until the runtime ends.
    fn echo(&self, listener: TcpListener);
}

/// What a server does, whatever its sockets are: `AsyncReadExt` and `AsyncWriteExt` are the caller's.
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
