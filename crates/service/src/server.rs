//! One port for HTTP/1 and HTTP/2, and so for JSON and gRPC.

use crate::deadlines::Deadlines;
use crate::linger::Lingering;
use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceBuilder;
use tracing::debug;

/// How long a client may be silent before the head of a request, leave a ping without an answer, or
/// not read an answer.
const SILENCE: Duration = Duration::from_secs(30);

/// How long a client may read nothing of the last answers while the service ends.
const LAST_SILENCE: Duration = Duration::from_secs(2);

/// Serves a connection until its client ends it, or is silent for too long. When `stopping` is
/// cancelled, the requests under way are answered, and no other is taken.
pub async fn serve(stream: TcpStream, stopping: CancellationToken, router: Router) {
    serve_within(SILENCE, stream, stopping, router).await;
}

async fn serve_within(
    silence: Duration,
    stream: TcpStream,
    stopping: CancellationToken,
    router: Router,
) {
    // Without it, a small answer may wait for the acknowledgment of the one before.
    let _ = stream.set_nodelay(true);
    let mut http = Builder::new(TokioExecutor::new());
    // A client may end its half behind its last request, as `nc -N` does, and waits for the answer.
    http.http1().timer(TokioTimer::new()).header_read_timeout(silence).half_close(true);
    // A client of `Watch` that is gone without a word is noticed.
    http.http2().timer(TokioTimer::new()).keep_alive_interval(silence).keep_alive_timeout(silence);
    let running = TaskTracker::new();
    let count = running.clone();
    let service = ServiceBuilder::new().map_future(move |answer| count.track_future(answer));
    let service = TowerToHyperService::new(service.service(router));
    let stream = Deadlines::new(stream, silence);
    let written = stream.written();
    let stream = TokioIo::new(Lingering::new(stream, stopping.clone()));
    let mut connection = pin!(http.serve_connection(stream, service));
    let ended = tokio::select! {
        // First, so that a request that is here is begun before the end.
        biased;
        ended = &mut connection => ended,
        () = stopping.cancelled() => {
            connection.as_mut().graceful_shutdown();
            tokio::select! {
                ended = connection => ended,
                () = left(&running, &written) => Err("the client does not read".into()),
            }
        }
    };
    if let Err(error) = ended {
        // The client's: it has hung up, was silent, or has sent what is no HTTP.
        debug!(%error, "a connection broke");
    }
}

/// Waits until no request of the connection runs, and then until its client reads nothing for a while.
async fn left(running: &TaskTracker, written: &AtomicUsize) {
    running.close();
    loop {
        running.wait().await;
        let before = written.load(Relaxed);
        sleep(LAST_SILENCE).await;
        if running.is_empty() && written.load(Relaxed) == before {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use tokio::task::JoinHandle;
    use tokio::time::timeout;

    const SHORT: Duration = Duration::from_millis(50);

    /// A client that has sent `bytes`, and the task that serves it.
    async fn client(bytes: &[u8], router: Router) -> (TcpStream, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        client.write_all(bytes).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        let served = serve_within(SHORT, stream, CancellationToken::new(), router);
        (client, tokio::spawn(served))
    }

    async fn ends(server: JoinHandle<()>, what: &str) {
        // Only a hang reaches the limit.
        let ended = timeout(Duration::from_secs(60), server).await;
        ended.unwrap_or_else(|_| panic!("{what:?} is still served")).unwrap();
    }

    #[tokio::test]
    async fn a_client_that_does_not_begin_is_let_go() {
        for begin in
            ["", "P", "PRI * HTTP/2.0\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "G", "GET /"]
        {
            let (_client, server) = client(begin.as_bytes(), Router::new()).await;
            ends(server, begin).await;
        }
    }

    #[tokio::test]
    async fn a_client_that_does_not_read_is_let_go() {
        // More than the buffers of the system hold.
        let router = Router::new().route("/", get(async || "x".repeat(64 << 20)));
        let request = "GET / HTTP/1.1\r\n\r\n";
        let (_client, server) = client(request.as_bytes(), router).await;
        ends(server, request).await;
    }

    #[tokio::test]
    async fn a_client_may_wait_for_its_answer_longer() {
        let slow = async || {
            sleep(SHORT * 4).await;
            "slow"
        };
        let router = Router::new().route("/", get(slow));
        // Shorter than the preface of HTTP/2.
        let (mut client, server) = client(b"GET / HTTP/1.0\r\n\r\n", router).await;
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert!(answer.ends_with("slow"), "{answer:?}");
        drop(client);
        ends(server, "the end").await;
    }
}
