//! Serve connections: their number has a limit, `accept` may fail, and a shutdown drains them.
//!
//! For your own protocols: HTTP has its own shutdown. Start TLS in the handler, not in `accept`. The
//! address that `accept` returns is dropped: ask the stream for its `peer_addr`.
//!
//! ```
//! # use service::tcp_server::{Server, hang_up};
//! # use {std::time::Duration, tokio::{io::*, net::*}, tokio_util::sync::CancellationToken};
//! async fn echo(mut stream: TcpStream, stopping: CancellationToken) {
//!     let mut buffer = [0; 1024];
//!     while let Ok(count @ 1..) = tokio::select! {
//!         // An idle client is let go at once. Bytes that are here already go first.
//!         biased;
//!         read = stream.read(&mut buffer) => read,
//!         () = stopping.cancelled() => Ok(0),
//!     } {
//!         if stream.write_all(&buffer[..count]).await.is_err() { return }
//!     }
//!     let _ = hang_up(&mut stream, Duration::from_secs(5)).await;
//! }
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> std::io::Result<()> {
//! let server = Server { max_connections: 1_000, drain_limit: Duration::from_secs(10) };
//! let listener = TcpListener::bind("127.0.0.1:0").await?;
//! # let mut client = TcpStream::connect(listener.local_addr()?).await?;
//! # let signal = async { client.write_all(b"hi").await.and(client.read_u16().await).unwrap(); };
//! // `signal` is a future. The closure is told why `accept` failed.
//! server.serve(listener, echo, signal, |error| drop(error)).await.unwrap();
//! # Ok(()) }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use std::io::{self, ErrorKind};
use std::{future::Future, sync::Arc, time::Duration};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, copy, sink};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

/// Where connections come from.
pub trait Listener {
    /// A connection.
    type Stream: Send + 'static;
    /// Waits for the next connection. Must be cancel safe.
    fn accept(&mut self) -> impl Future<Output = io::Result<Self::Stream>> + Send;
}

impl Listener for TcpListener {
    type Stream = TcpStream;
    async fn accept(&mut self) -> io::Result<TcpStream> {
        Ok(TcpListener::accept(self).await?.0)
    }
}

/// The limits of a server.
#[derive(Clone, Copy, Debug)]
pub struct Server {
    /// How many connections are open at once. The others wait in the queue of the system.
    pub max_connections: usize,
    /// How much time the handlers have to end after the shutdown has begun.
    pub drain_limit: Duration,
}

/// The number of handlers that had not ended at the limit. They and their connections are dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} connections were cut off")]
pub struct CutOff(pub usize);

impl Server {
    /// Spawns `handler` for each connection until `shutdown` completes. Then closes the listener,
    /// cancels the token of every handler, and waits for them. A panic ends one connection.
    ///
    /// After an error of `accept`, such as "too many open files", it tries again when a connection
    /// ends, or after a pause of 5 ms, which doubles with each error, up to 1 s.
    ///
    /// If dropped, it closes all connections, so a second signal can cut a drain short. Panics
    /// outside a Tokio runtime whose timers are enabled.
    ///
    /// # Errors
    ///
    /// [`CutOff`] if not all handlers end within [`Server::drain_limit`].
    ///
    /// # Non-guarantees
    ///
    /// A shutdown resets clients in the queue of the system. A handler that blocks is not cut off.
    pub async fn serve<L: Listener, F: Future<Output = ()> + Send + 'static>(
        self,
        mut listener: L,
        handler: impl Fn(L::Stream, CancellationToken) -> F + Send + Sync + 'static,
        shutdown: impl Future<Output = ()>,
        mut on_accept_error: impl FnMut(io::Error),
    ) -> Result<(), CutOff> {
        let (handler, stopping) = (Arc::new(handler), CancellationToken::new());
        let (mut open, mut pause) = (JoinSet::new(), Duration::ZERO);
        let mut shutdown = std::pin::pin!(shutdown);
        loop {
            let accepted = tokio::select! {
                biased;
                () = &mut shutdown => break,
                // It has freed a file, which may be all that was missing.
                Some(_) = open.join_next() => { pause = Duration::ZERO; continue }
                accepted = accept_after(pause, &mut listener),
                    if open.len() < self.max_connections => accepted,
            };
            pause = match accepted {
                Ok(stream) => {
                    let (handler, stopping) = (handler.clone(), stopping.child_token());
                    // Called in the task: so is its panic.
                    open.spawn(async move { handler(stream, stopping).await });
                    Duration::ZERO
                }
                // This client has left the queue. The next one may be there.
                Err(error) if error.kind() == ErrorKind::ConnectionAborted => pause,
                Err(error) => {
                    on_accept_error(error);
                    (pause * 2).clamp(Duration::from_millis(5), Duration::from_secs(1))
                }
            };
        }
        drop(listener);
        stopping.cancel();
        // At the limit `open` is dropped.
        let all = async { while open.join_next().await.is_some() {} };
        let _ = timeout(self.drain_limit, all).await;
        if open.is_empty() { Ok(()) } else { Err(CutOff(open.len())) }
    }
}

async fn accept_after<L: Listener>(pause: Duration, listener: &mut L) -> io::Result<L::Stream> {
    if !pause.is_zero() {
        sleep(pause).await;
    }
    listener.accept().await
}

/// Ends the stream and waits until the client ends it too. Otherwise unread bytes would cause a
/// reset, which loses answers on their way. Fails if the client breaks it, or ends after `limit`.
pub async fn hang_up<S>(stream: &mut S, limit: Duration) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let both = async {
        stream.shutdown().await?;
        copy(stream, &mut sink()).await
    };
    timeout(limit, both).await?.map(drop)
}
