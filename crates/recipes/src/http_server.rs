//! Shut an HTTP/1 server down: idle keep-alive connections at once, requests under way when answered.
//!
//! Clients keep connections open between requests, so a server that waits for its connections never
//! ends, and one that does not cuts off answers. Here the shutdown closes the listener and the idle
//! connections, answers each request that has begun, with `connection: close`, and waits for those,
//! within a limit, which `axum::serve` lacks. Its own loop is what that takes; hyper does the rest.
//!
//! # Non-guarantees
//!
//! It speaks HTTP/1, and loses sight of a WebSocket. A request that arrives while its connection closes
//! gets no answer: clients must be able to retry. A client that does not send the body it announces, or
//! does not read its answer, keeps its place: limit the body in the service, for example with
//! `RequestBodyTimeoutLayer` of `tower-http`. The service does not learn the address of the peer.
//!
//! ```
//! # use recipes::http_server::HttpServer;
//! # use {axum::{Router, routing::get}, hyper_util::service::TowerToHyperService};
//! # use {std::time::Duration, tokio::{io::*, net::*}};
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
//! let router = Router::new().route("/", get(async || "hello"));
//! let listener = TcpListener::bind("127.0.0.1:0").await?;
//! let [idle_limit, drain_limit] = [60, 20].map(Duration::from_secs);
//! let server = HttpServer { max_connections: 10_000, idle_limit, drain_limit };
//! # let mut client = TcpStream::connect(listener.local_addr()?).await?;
//! # client.write_all(b"GET / HTTP/1.1\r\nhost: me\r\n\r\n").await?;
//! # let mut answer = [0; 15];
//! # let signal = async { client.read_exact(&mut answer).await.map(drop).unwrap() };
//! let service = TowerToHyperService::new(router);
//! server.serve(listener, service, signal, |error| drop(error)).await.unwrap();
//! # assert_eq!(&answer, b"HTTP/1.1 200 OK"); Ok(()) }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use hyper::body::{Body, Incoming};
use hyper::{Request, Response, server::conn::http1::Builder, service::Service};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::pin::{Pin, pin};
use std::{error::Error, future::Future, io, time::Duration};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

/// Where connections come from.
pub trait Listener {
    /// A connection. For TLS, one that shakes hands when it is first read.
    type Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static;
    /// Waits for the next connection. Dropped, it must not lose one.
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
pub struct HttpServer {
    /// Connections at once. More wait in the queue of the system; with zero, all do.
    pub max_connections: usize,
    /// How long a client may take for the head of a request, and so how long it may be idle.
    pub idle_limit: Duration,
    /// How long the requests under way may take once the shutdown has begun.
    pub drain_limit: Duration,
}

/// How many connections were cut off at the limit, with their requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} connections were cut off")]
pub struct CutOff(pub usize);

impl HttpServer {
    /// Answers requests with `service` until `shutdown` is there; then ends as said above.
    ///
    /// A panic of the service closes its connection, and no other. After an error of `accept`, such
    /// as "too many open files", it tries again when a connection ends, or after a second.
    ///
    /// Dropped, it closes all connections: a second signal may cut a drain short. It panics outside
    /// a Tokio runtime with time enabled.
    ///
    /// # Errors
    ///
    /// [`CutOff`] if requests take longer than [`HttpServer::drain_limit`].
    pub async fn serve<L, S, B>(
        self,
        mut listener: L,
        service: S,
        shutdown: impl Future<Output = ()>,
        mut on_accept_error: impl FnMut(io::Error),
    ) -> Result<(), CutOff>
    where
        L: Listener,
        S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
        S::Future: Send,
        S::Error: Error + Send + Sync + 'static,
        B: Body<Data: Send, Error: Error + Send + Sync + 'static> + Send + 'static,
    {
        let mut http = Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(self.idle_limit);
        let (stopping, mut open) = (CancellationToken::new(), JoinSet::new());
        let (mut shutdown, mut pause) = (pin!(shutdown), Duration::ZERO);
        loop {
            let accepted = tokio::select! {
                biased;
                () = &mut shutdown => break,
                // It has freed a file, which may be all that was missing.
                Some(_) = open.join_next() => { pause = Duration::ZERO; continue }
                accepted = accept_after(pause, &mut listener),
                    if open.len() < self.max_connections => accepted,
            };
            pause = Duration::ZERO;
            match accepted {
                Ok(stream) => {
                    let connection = http.serve_connection(TokioIo::new(stream), service.clone());
                    let (mut connection, stopping) = (connection.with_upgrades(), stopping.clone());
                    open.spawn(async move {
                        // An error is the client's: it has hung up, or sent what is no HTTP.
                        if stopping.run_until_cancelled(&mut connection).await.is_none() {
                            Pin::new(&mut connection).graceful_shutdown();
                            let _ = connection.await;
                        }
                    });
                }
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(error) => {
                    on_accept_error(error);
                    pause = Duration::from_secs(1);
                }
            }
        }
        drop(listener);
        stopping.cancel();
        // At the limit `open` is dropped.
        let _ =
            timeout(self.drain_limit, async { while open.join_next().await.is_some() {} }).await;
        if open.is_empty() { Ok(()) } else { Err(CutOff(open.len())) }
    }
}

async fn accept_after<L: Listener>(pause: Duration, listener: &mut L) -> io::Result<L::Stream> {
    if !pause.is_zero() {
        sleep(pause).await;
    }
    listener.accept().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::future::BoxFuture;
    use hyper::service::service_fn;
    use std::convert::Infallible;
    use std::future::pending;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
    use tokio::sync::{mpsc, oneshot};
    use tokio::time::Instant;

    const SECOND: Duration = Duration::from_secs(1);
    const SERVER: HttpServer = HttpServer {
        max_connections: 10,
        idle_limit: Duration::from_secs(60),
        drain_limit: Duration::from_secs(20),
    };

    struct Duplex(mpsc::UnboundedReceiver<io::Result<DuplexStream>>);

    impl Listener for Duplex {
        type Stream = DuplexStream;
        async fn accept(&mut self) -> io::Result<DuplexStream> {
            match self.0.recv().await {
                Some(stream) => stream,
                None => pending().await,
            }
        }
    }

    /// Answers `/now` at once, `/slow` after five seconds, `/never` not at all; `/panic` panics.
    async fn answer(request: Request<Incoming>) -> Result<Response<String>, Infallible> {
        match request.uri().path() {
            "/slow" => sleep(5 * SECOND).await,
            "/never" => pending().await,
            "/panic" => panic!("in the service"),
            _ => {}
        }
        Ok(Response::new(format!("answer to {}", request.uri().path())))
    }

    struct Running {
        clients: mpsc::UnboundedSender<io::Result<DuplexStream>>,
        shutdown: oneshot::Sender<()>,
        ended: BoxFuture<'static, Result<Result<(), CutOff>, tokio::task::JoinError>>,
        errors: mpsc::UnboundedReceiver<io::Error>,
    }

    fn start(server: HttpServer) -> Running {
        let (clients, listener) = mpsc::unbounded_channel();
        let (shutdown, signal) = oneshot::channel();
        let (error, errors) = mpsc::unbounded_channel();
        let ended = Box::pin(tokio::spawn(async move {
            let signal = async { signal.await.unwrap_or(()) };
            let on_error = |it| error.send(it).expect("the test holds the receiver");
            server.serve(Duplex(listener), service_fn(answer), signal, on_error).await
        }));
        Running { clients, shutdown, ended, errors }
    }

    impl Running {
        /// A client that has sent this.
        async fn client(&self, sends: &str) -> DuplexStream {
            let (client, server) = duplex(4096);
            self.clients.send(Ok(server)).expect("the server listens");
            send(client, sends).await
        }

        /// Ends the server and returns how that went, and how long it took.
        async fn end(self) -> (Result<(), CutOff>, Duration) {
            let start = Instant::now();
            self.shutdown.send(()).expect("the server runs");
            (self.ended.await.expect("no panic"), start.elapsed())
        }
    }

    async fn send(mut client: DuplexStream, text: &str) -> DuplexStream {
        client.write_all(text.as_bytes()).await.expect("there is room");
        client
    }

    fn get(path: &str) -> String {
        format!("GET {path} HTTP/1.1\r\nhost: me\r\n\r\n")
    }

    /// Reads up to this text.
    async fn read_to(client: &mut DuplexStream, end: &str) -> String {
        let mut text = String::new();
        while !text.ends_with(end) {
            text.push(client.read_u8().await.expect("it is still open").into());
        }
        text
    }

    /// Reads up to the end of the connection.
    async fn rest(mut client: DuplexStream) -> String {
        let mut text = String::new();
        client.read_to_string(&mut text).await.expect("closed");
        text
    }

    #[tokio::test(start_paused = true)]
    async fn idle_connections_end_at_once() {
        let server = start(SERVER);
        let fresh = server.client("").await;
        let mut used = server.client(&get("/now")).await;
        read_to(&mut used, "answer to /now").await;
        assert_eq!(server.end().await, (Ok(()), Duration::ZERO));
        assert_eq!((rest(fresh).await, rest(used).await), (String::new(), String::new()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_under_way_is_answered_and_nothing_new_begins() {
        let server = start(SERVER);
        let slow = server.client(&get("/slow")).await;
        sleep(SECOND).await;
        let clients = server.clients.clone();
        assert_eq!(server.end().await, (Ok(()), 4 * SECOND));
        let answer = rest(slow).await;
        assert!(answer.contains("connection: close"), "{answer}");
        assert!(answer.ends_with("answer to /slow"), "{answer}");
        assert!(clients.is_closed(), "the listener is gone");
    }

    #[tokio::test(start_paused = true)]
    async fn the_drain_has_a_limit() {
        let server = start(SERVER);
        let (slow, never) =
            (server.client(&get("/slow")).await, server.client(&get("/never")).await);
        sleep(SECOND).await;
        assert_eq!(server.end().await, (Err(CutOff(1)), SERVER.drain_limit));
        assert!(rest(slow).await.ends_with("answer to /slow"));
        assert_eq!(rest(never).await, "");
    }

    #[tokio::test(start_paused = true)]
    async fn half_a_head_is_a_request_under_way_with_both_limits() {
        for (idle_limit, drained) in
            [(60, (Err(CutOff(1)), 20 * SECOND)), (10, (Ok(()), 9 * SECOND))]
        {
            let server = start(HttpServer { idle_limit: idle_limit * SECOND, ..SERVER });
            let _half = server.client("GET / HTT").await;
            sleep(SECOND).await;
            assert_eq!(server.end().await, drained);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_closes_its_own_connection() {
        let server = start(SERVER);
        let mut good = server.client(&get("/now")).await;
        read_to(&mut good, "answer to /now").await;
        let bad = server.client(&get("/panic")).await;
        assert_eq!(rest(bad).await, "");
        let mut good = send(good, &get("/now")).await;
        read_to(&mut good, "answer to /now").await;
        assert_eq!(server.end().await, (Ok(()), Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn an_idle_client_is_hung_up_on() {
        let server = start(SERVER);
        let start = Instant::now();
        assert_eq!(rest(server.client("").await).await, "");
        assert_eq!(start.elapsed(), SERVER.idle_limit);
        server.end().await.0.expect("nothing was open");
    }

    #[tokio::test(start_paused = true)]
    async fn more_connections_than_allowed_wait() {
        let server = start(HttpServer { max_connections: 1, ..SERVER });
        let mut first = server.client(&get("/now")).await;
        read_to(&mut first, "answer to /now").await;
        let mut second = server.client(&get("/now")).await;
        timeout(SECOND, second.read_u8()).await.expect_err("there is no room");
        drop(first);
        read_to(&mut second, "answer to /now").await;
    }

    #[tokio::test(start_paused = true)]
    async fn after_an_error_of_accept_it_goes_on() {
        let mut server = start(SERVER);
        let start = Instant::now();
        for kind in [io::ErrorKind::ConnectionAborted, io::ErrorKind::OutOfMemory] {
            server.clients.send(Err(kind.into())).expect("the server listens");
        }
        let mut client = server.client(&get("/now")).await;
        read_to(&mut client, "answer to /now").await;
        assert_eq!(start.elapsed(), SECOND);
        let error = server.errors.recv().await.expect("one was told");
        assert_eq!(error.kind(), io::ErrorKind::OutOfMemory);
        assert!(server.errors.try_recv().is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn dropping_it_closes_everything() {
        let (clients, listener) = mpsc::unbounded_channel();
        let (client, stream) = duplex(4096);
        clients.send(Ok(stream)).expect("it listens");
        let client = send(client, &get("/never")).await;
        let server = SERVER.serve(Duplex(listener), service_fn(answer), pending(), drop);
        timeout(SECOND, server).await.expect_err("it never ends");
        assert_eq!(rest(client).await, "");
        assert!(clients.is_closed());
    }
}
