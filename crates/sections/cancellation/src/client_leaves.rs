//! Deep dive 11.6 — A hyper server drops the handler of a client that leaves: the rest is not done.
//!
//! To take to work: `cargo run -- copy background_task`.

use hyper::service::service_fn;
use hyper::{Request, Response, body::Incoming, server::conn::http1::Builder};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncWriteExt, duplex};
use tokio::time::{Duration, sleep};

const SECOND: Duration = Duration::from_secs(1);

// The clock is paused: it goes on by itself when everything waits.
#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn main() {
    println!("in the handler: {:?}", after_the_client_left(in_the_handler).await);
    println!("in a task: {:?}", after_the_client_left(in_a_task).await);
}

type Log = Arc<Mutex<Vec<&'static str>>>;

/// Two steps, of which the first one must not stay alone.
async fn sell(log: Log) {
    log.lock().unwrap().push("paid");
    sleep(SECOND).await;
    log.lock().unwrap().push("shipped");
}

/// Bad: dropped with the connection, at its `await`.
async fn in_the_handler(log: Log) {
    sell(log).await;
}

/// Good: only the wait for the task is dropped.
async fn in_a_task(log: Log) {
    tokio::spawn(sell(log)).await.expect("it does not panic");
}

/// Returns what has been done two seconds after a client that stays for half a second.
async fn after_the_client_left<F: Future<Output = ()>>(handler: fn(Log) -> F) -> Vec<&'static str> {
    let (log, (mut client, stream)) = (Log::default(), duplex(1024));
    let serve = service_fn(async |_: Request<Incoming>| {
        handler(log.clone()).await;
        Ok::<_, Infallible>(Response::new(String::new()))
    });
    let connection = Builder::new().serve_connection(TokioIo::new(stream), serve);
    client.write_all(b"GET / HTTP/1.1\r\nhost: me\r\n\r\n").await.expect("there is room");
    let leave = async move {
        sleep(SECOND / 2).await;
        drop(client);
    };
    // The error is that the client has left.
    let _ = tokio::join!(connection, leave);
    sleep(2 * SECOND).await;
    log.lock().unwrap().clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;
    use tokio::time::Instant;

    #[tokio::test(start_paused = true)]
    async fn a_handler_ends_at_its_await_when_the_client_leaves() {
        assert_eq!(after_the_client_left(in_the_handler).await, ["paid"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_that_it_has_spawned_goes_on() {
        assert_eq!(after_the_client_left(in_a_task).await, ["paid", "shipped"]);
    }

    /// Returns what the client says to the end of the connection, and when that was.
    async fn ended(half_close: bool) -> (hyper::Result<()>, Duration, String) {
        let (start, (mut client, stream)) = (Instant::now(), duplex(1024));
        let serve = service_fn(async |_: Request<Incoming>| {
            sleep(SECOND).await;
            Ok::<_, Infallible>(Response::new("done".to_string()))
        });
        let mut builder = Builder::new();
        builder.half_close(half_close);
        let connection = builder.serve_connection(TokioIo::new(stream), serve);
        let ask = async {
            client.write_all(b"GET / HTTP/1.1\r\nhost: me\r\n\r\n").await.unwrap();
            client.shutdown().await.unwrap();
            let mut answer = String::new();
            client.read_to_string(&mut answer).await.unwrap();
            answer
        };
        let (result, answer) = tokio::join!(connection, ask);
        (result, start.elapsed(), answer)
    }

    /// To hyper a client that ends its half has left, as long as it is not told otherwise.
    #[tokio::test(start_paused = true)]
    async fn a_client_that_only_ends_its_half_counts_as_one_that_has_left() {
        let (result, after, answer) = ended(false).await;
        assert!(result.unwrap_err().is_incomplete_message());
        assert_eq!((after, answer.as_str()), (Duration::ZERO, ""));
        let (result, after, answer) = ended(true).await;
        assert!(result.is_ok() && answer.ends_with("done"), "{answer}");
        assert_eq!(after, SECOND);
    }
}
