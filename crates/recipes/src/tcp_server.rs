//! Serve connections: their number has a limit, `accept` may fail, and a shutdown drains them.
//!
//! For your own protocols: HTTP has its own shutdown. Start TLS in the handler, not in `accept`. The
//! address that `accept` returns is dropped: ask the stream for its `peer_addr`.
//!
//! ```
//! # use recipes::tcp_server::{Server, hang_up};
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::VecDeque;
    use std::future::{pending, ready};
    use std::sync::Mutex;
    use tokio::io::{AsyncReadExt, DuplexStream, duplex};
    use tokio::sync::{mpsc, oneshot};
    use tokio::time::Instant;

    const LIMIT: Duration = Duration::from_secs(10);
    const SERVER: Server = Server { max_connections: 2, drain_limit: LIMIT };

    /// The results of `accept`, in their order. At the end it waits as a real one does.
    struct Script<S>(VecDeque<io::Result<S>>);

    impl<S: Send + 'static> Listener for Script<S> {
        type Stream = S;

        async fn accept(&mut self) -> io::Result<S> {
            match self.0.pop_front() {
                Some(result) => result,
                None => pending().await,
            }
        }
    }

    fn script<S>(results: impl IntoIterator<Item = io::Result<S>>) -> Script<S> {
        Script(results.into_iter().collect())
    }

    /// Connections that are numbers of seconds: how long their handlers take.
    fn seconds(list: impl IntoIterator<Item = u64>) -> Script<Duration> {
        script(list.into_iter().map(|seconds| Ok(Duration::from_secs(seconds))))
    }

    /// Notes the second in which each handler starts, and the one in which it ends.
    type Log = Arc<Mutex<Vec<(u64, u64)>>>;

    async fn logged(
        server: Server,
        list: Script<Duration>,
        shutdown: u64,
    ) -> (Result<(), CutOff>, Log) {
        let (log, start) = (Log::default(), Instant::now());
        let noted = log.clone();
        let handler = move |takes, _| {
            let (log, began) = (noted.clone(), start.elapsed().as_secs());
            async move {
                sleep(takes).await;
                log.lock().unwrap().push((began, start.elapsed().as_secs()));
            }
        };
        let signal = sleep(Duration::from_secs(shutdown));
        let result = server.serve(list, handler, signal, |error| panic!("{error}")).await;
        (result, log)
    }

    #[tokio::test(start_paused = true)]
    async fn more_than_the_limit_wait_in_the_queue_until_one_ends() {
        let (result, log) = logged(SERVER, seconds([1, 3, 1, 1]), 9).await;
        assert_eq!(result, Ok(()));
        assert_eq!(*log.lock().unwrap(), [(0, 1), (1, 2), (0, 3), (2, 3)]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_of_zero_accepts_none() {
        let server = Server { max_connections: 0, ..SERVER };
        let (result, log) = logged(server, seconds([1, 1]), 9).await;
        assert_eq!((result, log.lock().unwrap().len()), (Ok(()), 0));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_open_has_the_drain_limit_and_nothing_new_is_accepted() {
        let start = Instant::now();
        let (result, log) = logged(SERVER, seconds([5, 13, 1]), 4).await;
        assert_eq!((result, start.elapsed()), (Ok(()), Duration::from_secs(13)));
        assert_eq!(*log.lock().unwrap(), [(0, 5), (0, 13)]);

        let start = Instant::now();
        let (result, log) = logged(SERVER, seconds([5, 15, 1]), 4).await;
        let error = result.unwrap_err();
        assert_eq!(error.to_string(), "1 connections were cut off");
        assert_eq!(start.elapsed(), LIMIT + Duration::from_secs(4));
        assert_eq!(*log.lock().unwrap(), [(0, 5)]);
    }

    #[tokio::test(start_paused = true)]
    async fn each_handler_is_told_and_what_is_cut_off_is_dropped() {
        let (told, mut tellings) = mpsc::unbounded_channel();
        let (held, dropped) = oneshot::channel::<()>();
        let connections = script([Ok(Some(held)), Ok(None)]);
        let handler = move |held: Option<oneshot::Sender<()>>, stopping: CancellationToken| {
            let told = told.clone();
            async move {
                stopping.cancelled().await;
                told.send(()).unwrap();
                if held.is_some() {
                    pending::<()>().await;
                }
            }
        };
        let served = SERVER.serve(connections, handler, sleep(LIMIT), drop).await;
        assert_eq!(served, Err(CutOff(1)));
        dropped.await.unwrap_err();
        assert_eq!((tellings.recv().await, tellings.recv().await), (Some(()), Some(())));
    }

    /// Otherwise clients would enter a queue that nobody serves.
    #[tokio::test(start_paused = true)]
    async fn the_listener_is_closed_before_the_handlers_are_told() {
        struct Held(Script<()>, #[allow(dead_code, reason = "it is dropped with it")] Arc<()>);
        impl Listener for Held {
            type Stream = ();

            async fn accept(&mut self) -> io::Result<()> {
                self.0.accept().await
            }
        }
        let held = Arc::new(());
        let (weak, (told, mut tellings)) = (Arc::downgrade(&held), mpsc::unbounded_channel());
        let handler = move |(), stopping: CancellationToken| {
            let (weak, told) = (weak.clone(), told.clone());
            async move {
                assert_eq!(weak.strong_count(), 1);
                stopping.cancelled().await;
                told.send(weak.strong_count()).unwrap();
            }
        };
        let listener = Held(script([Ok(())]), held);
        assert_eq!(SERVER.serve(listener, handler, sleep(LIMIT), drop).await, Ok(()));
        assert_eq!(tellings.recv().await, Some(0));
    }

    #[tokio::test(start_paused = true)]
    async fn dropped_it_closes_all_connections() {
        let (held, dropped) = oneshot::channel::<()>();
        let handler = |held: oneshot::Sender<()>, _| async move {
            let _held = held;
            pending().await
        };
        let serving = SERVER.serve(script([Ok(held)]), handler, pending(), drop);
        timeout(LIMIT, serving).await.unwrap_err();
        dropped.await.unwrap_err();
    }

    /// Both the call of the handler and its future.
    #[tokio::test(start_paused = true)]
    async fn a_panic_ends_its_own_connection_and_frees_its_place() {
        let (served, mut tellings) = mpsc::unbounded_channel();
        let handler = move |number: u32, _| {
            assert_ne!(number, 1, "on purpose");
            let served = served.clone();
            async move {
                assert_ne!(number, 2, "on purpose");
                served.send(number).unwrap();
            }
        };
        let server = Server { max_connections: 1, ..SERVER };
        let result = server.serve(script([1, 2, 3].map(Ok)), handler, sleep(LIMIT), drop).await;
        assert_eq!((result, tellings.recv().await), (Ok(()), Some(3)));
    }

    fn too_many_files() -> io::Error {
        io::Error::other("too many open files")
    }

    /// When each error comes, in ms, and when the connection behind them all is served.
    async fn moments(list: Script<Duration>) -> (Vec<u128>, u128) {
        let (start, mut errors) = (Instant::now(), Vec::new());
        let (served, mut is_served) = mpsc::unbounded_channel();
        let handler = move |takes, _| {
            served.send(start.elapsed().as_millis()).unwrap();
            sleep(takes)
        };
        let on_error = |_| errors.push(start.elapsed().as_millis());
        SERVER.serve(list, handler, sleep(LIMIT), on_error).await.unwrap();
        let mut last = 0;
        while let Some(moment) = is_served.recv().await {
            last = moment;
        }
        (errors, last)
    }

    #[tokio::test(start_paused = true)]
    async fn after_an_error_it_pauses_twice_as_long_each_time_up_to_a_second() {
        let errors = (0..10).map(|_| Err(too_many_files()));
        let list = script(errors.chain([Ok(Duration::ZERO)]));
        let expected = vec![0, 5, 15, 35, 75, 155, 315, 635, 1275, 2275];
        assert_eq!(moments(list).await, (expected, 3275));
    }

    /// The one that ends has freed a file.
    #[tokio::test(start_paused = true)]
    async fn a_connection_that_ends_ends_the_pause() {
        let takes = Duration::from_millis(3);
        let list = script([Ok(takes), Err(too_many_files()), Ok(Duration::ZERO)]);
        assert_eq!(moments(list).await, (vec![0], 3));
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_leaves_the_queue_is_neither_an_error_nor_a_pause() {
        let gone = |_| Err(ErrorKind::ConnectionAborted.into());
        let list = script((0..100).map(gone).chain([Ok(Duration::ZERO)]));
        assert_eq!(moments(list).await, (vec![], 0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_shutdown_does_not_wait_for_the_pause() {
        let start = Instant::now();
        let list = script::<()>([Err(too_many_files())]);
        SERVER.serve(list, |(), _| ready(()), sleep(Duration::from_millis(3)), drop).await.unwrap();
        assert_eq!(start.elapsed(), Duration::from_millis(3));
    }

    #[tokio::test]
    async fn over_tcp_a_request_that_is_there_is_answered_before_the_end() {
        let (accepted, is_accepted) = oneshot::channel();
        let accepted = Mutex::new(Some(accepted));
        let echo = move |mut stream: TcpStream, stopping: CancellationToken| {
            accepted.lock().unwrap().take().unwrap().send(()).unwrap();
            async move {
                stopping.cancelled().await;
                let mut buffer = [0; 5];
                stream.read_exact(&mut buffer).await.unwrap();
                stream.write_all(&buffer).await.unwrap();
                hang_up(&mut stream, LIMIT).await.unwrap();
            }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let shutdown = async { stopped.await.unwrap() };
        let server =
            tokio::spawn(SERVER.serve(listener, echo, shutdown, |error| panic!("{error}")));
        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(b"hello").await.unwrap();
        is_accepted.await.unwrap();
        stop.send(()).unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert_eq!(answer, "hello");
        drop(client);
        assert_eq!(server.await.unwrap(), Ok(()));
        TcpStream::connect(address).await.unwrap_err();
    }

    /// Hangs up on a client. Returns the result, and how long both took.
    async fn ended_by(client: impl AsyncFnOnce(DuplexStream)) -> (io::Result<()>, Duration) {
        let (theirs, mut ours) = duplex(8);
        let start = Instant::now();
        let (result, ()) = tokio::join!(hang_up(&mut ours, LIMIT), client(theirs));
        (result, start.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn hanging_up_reads_on_until_the_client_ends_or_is_late() {
        let second = Duration::from_secs(1);
        let (result, after) = ended_by(async |mut client| {
            client.write_all(&[0; 1000]).await.unwrap();
            sleep(second).await;
        })
        .await;
        assert_eq!((result.is_ok(), after), (true, second));
        let (result, after) = ended_by(async |_client| sleep(LIMIT * 2).await).await;
        assert_eq!(result.unwrap_err().kind(), ErrorKind::TimedOut);
        assert_eq!(after, LIMIT * 2);
    }
}
