//! An HTTP/1 server: hyper on tiny-runtime.
//!
//! ```console
//! $ cargo run --release -p tiny-runtime --example http -- 127.0.0.1:8080
//! ```
//!
//! Without an address it takes any free port, and prints it. `/slow` answers after 100 ms.

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, body::Incoming};
use std::convert::Infallible;
use std::io::{ErrorKind, Result};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll, ready};
use tiny_runtime::net::{TcpListener, TcpStream};
use tiny_runtime::runtime::Runtime;
use tiny_runtime::time::{Duration, sleep};

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
    Runtime::new()?.block_on(async {
        let listener = TcpListener::bind(address).await?;
        println!("serving on http://{}", listener.local_addr()?);
        serve(listener).await
    })
}

/// A task a connection, until it is dropped.
pub async fn serve(listener: TcpListener) -> Result<()> {
    loop {
        match listener.accept().await {
            Ok((stream, _peer)) => drop(tiny_runtime::spawn(converse(stream))),
            // Open connections go on. Without descriptors the error would come again at once.
            Err(error) => {
                eprintln!("accept: {error}");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn converse(stream: TcpStream) {
    // Without it an answer in two parts waits for the peer's acknowledgement of the first.
    let _only_slower = stream.set_nodelay(true);
    let requests = AtomicU32::new(1);
    // They come one after the other; atomic, so that the task is `Send`.
    let answer = service_fn(|request| answer(request, requests.fetch_add(1, Ordering::Relaxed)));
    if let Err(error) = http1::Builder::new().serve_connection(Io(stream), answer).await {
        eprintln!("connection: {error}");
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

/// hyper brings its own I/O traits.
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
        poll_ready: fn(&TcpStream, &mut Context<'_>) -> Poll<Result<()>>,
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
