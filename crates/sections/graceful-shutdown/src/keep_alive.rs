//! Guide 10.1 — A server that only waits for its HTTP connections waits until the idle clients leave.
//!
//! To take to work: `cargo run -- copy http_server`.

use hyper::service::service_fn;
use hyper::{Request, Response, body::Incoming, server::conn::http1::Builder};
use hyper_util::rt::TokioIo;
use std::{io, pin::pin};
use tokio::io::{AsyncWriteExt, DuplexStream, duplex};
use tokio::time::{Duration, Instant, error::Elapsed, sleep, timeout};
use tokio_util::sync::CancellationToken;

const SECOND: Duration = Duration::from_secs(1);

// The clock is paused: an hour in which nothing happens takes no time.
#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn main() {
    println!("only waits, idle client: {:?}", end(only_waits, 2 * SECOND).await);
    println!("tells hyper, idle client: {:?}", end(tells_hyper, 2 * SECOND).await);
    println!("tells hyper, request under way: {:?}", end(tells_hyper, SECOND / 2).await);
}

/// Bad: keep-alive leaves it to the client to end the connection.
async fn only_waits(stream: DuplexStream, _stop: CancellationToken) {
    // An error is the client's, here and below.
    let _ = Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer)).await;
}

/// Good: hyper ends the connection, at once if it is idle, and otherwise behind the answer.
async fn tells_hyper(stream: DuplexStream, stop: CancellationToken) {
    let stream = TokioIo::new(stream);
    let mut connection = pin!(Builder::new().serve_connection(stream, service_fn(answer)));
    if stop.run_until_cancelled(connection.as_mut()).await.is_none() {
        connection.as_mut().graceful_shutdown();
        let _ = connection.await;
    }
}

async fn answer(_: Request<Incoming>) -> io::Result<Response<String>> {
    sleep(SECOND).await; // The work.
    Ok(Response::new("done".to_string()))
}

/// Stops a server `at` this time. Its client has asked at once, and stays. Returns how long the end
/// takes, within an hour.
async fn end(
    serve: impl AsyncFn(DuplexStream, CancellationToken),
    at: Duration,
) -> Result<Duration, Elapsed> {
    let (stop, (mut client, stream)) = (CancellationToken::new(), duplex(1024));
    client.write_all(b"GET / HTTP/1.1\r\nhost: me\r\n\r\n").await.expect("there is room");
    let signal = async {
        sleep(at).await;
        stop.cancel();
        Instant::now()
    };
    let all = async { tokio::join!(serve(stream, stop.clone()), signal) };
    Ok(timeout(3600 * SECOND, all).await?.1.elapsed())
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper_util::server::graceful::GracefulShutdown;
    use tokio::io::AsyncReadExt;

    #[tokio::test(start_paused = true)]
    async fn a_server_that_waits_for_its_connections_is_still_there_after_an_hour() {
        let start = Instant::now();
        end(only_waits, 2 * SECOND).await.unwrap_err();
        assert_eq!(start.elapsed(), 3600 * SECOND);
    }

    /// Of an answer, the client waits for the end: half a second is what it still takes.
    #[tokio::test(start_paused = true)]
    async fn one_that_tells_hyper_ends_at_once_or_with_the_answer_that_it_owes() {
        assert_eq!(end(tells_hyper, 2 * SECOND).await, Ok(Duration::ZERO));
        assert_eq!(end(tells_hyper, SECOND / 2).await, Ok(SECOND / 2));
    }

    /// Returns what a client reads up to the end of its connection, which ends after `stop`.
    async fn read_all(request: &str, stop: Duration) -> String {
        let (token, (mut client, stream)) = (CancellationToken::new(), duplex(1024));
        client.write_all(request.as_bytes()).await.unwrap();
        let signal = async {
            sleep(stop).await;
            token.cancel();
        };
        let mut text = String::new();
        let serve = tells_hyper(stream, token.clone());
        let all = async { tokio::join!(serve, signal, client.read_to_string(&mut text)) };
        timeout(3600 * SECOND, all).await.expect("the connection ends").2.unwrap();
        text
    }

    #[tokio::test(start_paused = true)]
    async fn an_idle_connection_ends_at_once() {
        let start = Instant::now();
        assert_eq!(read_all("", SECOND).await, "");
        assert_eq!(start.elapsed(), SECOND);
    }

    /// So that the client sends its next request elsewhere.
    #[tokio::test(start_paused = true)]
    async fn the_last_answer_says_that_the_connection_closes() {
        let answer = read_all("GET / HTTP/1.1\r\nhost: me\r\n\r\n", SECOND / 2).await;
        assert!(answer.contains("connection: close\r\n") && answer.ends_with("done"), "{answer}");
    }

    /// The kept crate that does the same for all connections of a server.
    #[tokio::test(start_paused = true)]
    async fn graceful_shutdown_of_hyper_util_tells_each_connection() {
        let (start, graceful) = (Instant::now(), GracefulShutdown::new());
        let (_idle, stream) = duplex(1024);
        let connection = Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer));
        let watched = tokio::spawn(graceful.watch(connection));
        sleep(SECOND).await;
        timeout(3600 * SECOND, graceful.shutdown()).await.unwrap();
        watched.await.unwrap().unwrap();
        assert_eq!(start.elapsed(), SECOND);
    }
}
