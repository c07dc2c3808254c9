//! One port for HTTP/1 and HTTP/2, and so for JSON and gRPC.

use crate::linger::Lingering;
use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use std::pin::pin;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::debug;

/// How long a client may be silent: before the head of a request, or as the answer to a ping.
const SILENCE: Duration = Duration::from_secs(30);

/// Serves a connection until its client ends it, or is silent for too long. When `stopping` is
/// cancelled, the requests under way are answered, and no other is taken.
pub async fn serve(stream: TcpStream, stopping: CancellationToken, router: Router) {
    // Until the client has said what it speaks, no limit of hyper counts.
    let spoken = tokio::select! {
        // First, so that a request that is here is begun before the end.
        biased;
        ready = timeout(SILENCE, stream.readable()) => matches!(ready, Ok(Ok(()))),
        () = stopping.cancelled() => false,
    };
    if !spoken {
        return;
    }
    // Without it, a small answer may wait for the acknowledgment of the one before.
    let _ = stream.set_nodelay(true);
    let mut http = Builder::new(TokioExecutor::new());
    http.http1().timer(TokioTimer::new()).header_read_timeout(SILENCE);
    // A client of `Watch` that is gone without a word is noticed.
    http.http2().timer(TokioTimer::new()).keep_alive_interval(SILENCE).keep_alive_timeout(SILENCE);
    let service = TowerToHyperService::new(router);
    let stream = TokioIo::new(Lingering::new(stream, stopping.clone()));
    let mut connection = pin!(http.serve_connection(stream, service));
    let ended = tokio::select! {
        biased;
        ended = &mut connection => ended,
        () = stopping.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        // The client's: it has hung up, or sent what is no HTTP.
        debug!(%error, "a connection broke");
    }
}
