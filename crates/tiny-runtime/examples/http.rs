//! An HTTP/1 server: hyper on tiny-runtime.
//!
//! ```console
//! $ cargo run --release -p tiny-runtime --example http -- 127.0.0.1:8080
//! ```
//!
//! Without an address it takes any free port, and prints it. `/slow` answers after 100 ms. Ctrl+C or
//! SIGTERM ends it when the requests in flight have their answers; exit code 1 tells that some have
//! none after 10 s. Connections not accepted yet are lost.

use futures::channel::oneshot;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, body::Incoming};
use std::convert::Infallible;
use std::io::{Error, ErrorKind, Result, Write as _};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll, ready};
use tiny_runtime::net::{TcpListener, TcpStream};
use tiny_runtime::runtime::Runtime;
use tiny_runtime::task::{JoinSet, spawn_blocking};
use tiny_runtime::time::{Duration, Sleep, sleep, timeout};
use tokio::sync::watch;

/// For a client, to send the header of its next request: half of one is not kept without end.
pub const HEADER_LIMIT: Duration = Duration::from_secs(30);
/// For what is in flight at the signal, to be answered.
const SHUTDOWN_LIMIT: Duration = Duration::from_secs(10);
/// For requests that are on their way at the signal. The wait for it polls the driver, which then
/// knows of all that had come before.
const GRACE: Duration = Duration::from_millis(100);

fn main() -> Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:0".to_owned());
    let Ok(address) = address.parse() else {
        eprintln!(
            "error: {address:?} is no address to listen on: give an IP and a port, 127.0.0.1:8080"
        );
        std::process::exit(2);
    };
    run(address)
}

pub fn run(address: SocketAddr) -> Result<()> {
    let runtime = Runtime::new()?;
    let left = runtime.block_on(async {
        let listener = TcpListener::bind(address).await?;
        // Before the address is known: a client that knows it may already send one.
        let shutdown = signal()?;
        println!("serving on http://{}", listener.local_addr()?);
        Ok::<_, Error>(serve(listener, 1_000, shutdown).await)
    })?;
    // A report that nobody reads does not hold up the end.
    runtime.shutdown_timeout(Duration::from_secs(1));
    if left == 0 { Ok(()) } else { Err(Error::other(format!("{left} connections were cut off"))) }
}

/// Completes at the first Ctrl+C or SIGTERM. The second ends the program at once.
///
/// tiny-runtime has no signals: Tokio waits for them, on a thread of its own.
fn signal() -> Result<impl Future<Output = ()>> {
    let tokio = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let entered = tokio.enter();
    #[cfg(unix)]
    use tokio::signal::unix::{SignalKind, signal};
    #[cfg(unix)]
    let mut streams = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    #[cfg(windows)]
    use tokio::signal::windows::{ctrl_break, ctrl_c};
    #[cfg(windows)]
    let mut streams = (ctrl_c()?, ctrl_break()?);
    drop(entered);
    let mut next = async move || {
        tokio::select! { _ = streams.0.recv() => 130, _ = streams.1.recv() => 143 }
    };
    let (tell, told) = oneshot::channel();
    std::thread::spawn(move || {
        tokio.block_on(next());
        // Nobody listens if the server has ended by itself.
        let _ = tell.send(());
        std::process::exit(tokio.block_on(next()));
    });
    Ok(async move { told.await.expect("the thread lives until it has told") })
}

/// Serves `most` connections at once, each in a task, until `shutdown`. Further clients wait in the
/// kernel for a place.
///
/// Then it answers the requests that it has, and hangs up on the idle. Returns how many connections
/// it has cut off, [`SHUTDOWN_LIMIT`] later.
///
/// # Non-guarantees
///
/// A client that does not read its answers keeps its place: hyper has no limit to a write.
pub async fn serve(
    listener: TcpListener,
    most: usize,
    shutdown: impl Future<Output = ()>,
) -> usize {
    let (stop, stopped) = watch::channel(());
    let (mut connections, mut failing) = (JoinSet::new(), false);
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut shutdown => break,
            Some(_ended) = connections.join_next() => continue,
            accepted = listener.accept(), if connections.len() < most => accepted,
        };
        match accepted {
            Ok((stream, _peer)) => {
                failing = false;
                connections.spawn(converse(stream, stopped.clone()));
            }
            // Open connections go on. Without descriptors the error would come again at once.
            Err(error) => {
                if !std::mem::replace(&mut failing, true) {
                    report(format!("accept: {error}"));
                }
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    let _nobody_is_connected = stop.send(());
    let all = async { while connections.join_next().await.is_some() {} };
    let _ = timeout(SHUTDOWN_LIMIT, all).await;
    let left = connections.len();
    connections.shutdown().await;
    left
}

/// On a thread of the pool: a full pipe that nobody reads must not block a worker.
fn report(line: String) {
    // A closed one is no reason to panic either.
    spawn_blocking(move || drop(writeln!(std::io::stderr(), "{line}")));
}

async fn converse(stream: TcpStream, mut stopped: watch::Receiver<()>) {
    // Without it an answer in two parts waits for the peer's acknowledgement of the first.
    let _only_slower = stream.set_nodelay(true);
    let requests = AtomicU32::new(1);
    // They come one after the other; atomic, so that the task is `Send`.
    let answer = service_fn(|request| answer(request, requests.fetch_add(1, Ordering::Relaxed)));
    let mut builder = http1::Builder::new();
    builder.timer(Timer).header_read_timeout(HEADER_LIMIT);
    let mut connection = pin!(builder.serve_connection(Io(stream), answer));
    // How it ends is the client's affair, here and below: it left, was too slow, or spoke no HTTP.
    tokio::select! {
        biased;
        _ = &mut connection => return,
        _ = stopped.changed() => {}
    }
    if timeout(GRACE, &mut connection).await.is_err() {
        connection.as_mut().graceful_shutdown();
        let _ = connection.await;
    }
}

async fn answer(
    request: Request<Incoming>,
    number: u32,
) -> std::result::Result<Response<String>, Infallible> {
    let path = request.uri().path();
    if path == "/slow" {
        sleep(Duration::from_millis(100)).await;
    }
    Ok(Response::new(format!("{path}: request {number} of this connection\n")))
}

/// hyper brings its own timers.
struct Timer;

impl hyper::rt::Timer for Timer {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn hyper::rt::Sleep>> {
        Box::pin(Timeout(sleep(duration)))
    }

    fn sleep_until(&self, deadline: std::time::Instant) -> Pin<Box<dyn hyper::rt::Sleep>> {
        self.sleep(deadline.saturating_duration_since(self.now()))
    }
}

struct Timeout(Sleep);

impl hyper::rt::Sleep for Timeout {}

impl Future for Timeout {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        pin!(&mut self.0).poll(cx)
    }
}

/// And its own I/O traits.
struct Io(TcpStream);

impl Read for Io {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut to: ReadBufCursor<'_>,
    ) -> Poll<Result<()>> {
        // On the stack first, since the cursor's memory is not initialized.
        let mut buffer = [0; 4096];
        let wanted = buffer.len().min(to.remaining());
        let read = self.until_done(cx, TcpStream::poll_read_ready, |stream| {
            stream.try_read(&mut buffer[..wanted])
        });
        to.put_slice(&buffer[..ready!(read)?]);
        Poll::Ready(Ok(()))
    }
}

impl Write for Io {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<Result<usize>> {
        self.until_done(cx, TcpStream::poll_write_ready, |stream| stream.try_write(from))
    }

    /// The kernel has it all already.
    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        std::pin::pin!(self.0.shutdown()).poll(cx)
    }
}

impl Io {
    /// Waits and tries, until trying does not end with `WouldBlock`.
    fn until_done(
        &self,
        cx: &mut Context<'_>,
        poll_ready: impl Fn(&TcpStream, &mut Context<'_>) -> Poll<Result<()>>,
        mut attempt: impl FnMut(&TcpStream) -> Result<usize>,
    ) -> Poll<Result<usize>> {
        loop {
            ready!(poll_ready(&self.0, cx))?;
            match attempt(&self.0) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => continue,
                result => return Poll::Ready(result),
            }
        }
    }
}
