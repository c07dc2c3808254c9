//! smol: its executor, and the one for one thread.

use super::{Contender, Net, Sockets, Timers, WORKERS, echo};
use std::net::{TcpListener, UdpSocket};
use std::sync::OnceLock;
use std::time::Duration;

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

fn idle_socket() -> smol::Async<UdpSocket> {
    smol::Async::<UdpSocket>::bind(([127, 0, 0, 1], 0)).expect("there is a port")
}

impl Sockets for Smol {
    fn idle_socket(&self) -> impl Sized + use<> {
        idle_socket()
    }
}

impl Sockets for SmolCurrent {
    fn idle_socket(&self) -> impl Sized + use<> {
        idle_socket()
    }
}

impl Net for Smol {
    fn echo(&self, listener: TcpListener) {
        use smol::io::{AsyncReadExt, AsyncWriteExt};
        let listener = smol::Async::new(listener).expect("it is a socket");
        SMOL.spawn(echo!(listener, |echo| SMOL.spawn(echo).detach())).detach();
    }
}

/// The executor for one thread. One for the whole thread.
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
