//! Guide 7.2 — After "connection closed before message completed", a request may have been carried out.
//!
//! To take to work: `cargo run -- copy resend`.

use hyper::{Request, Response, body::Incoming, server::conn::http1::Builder, service::service_fn};
use hyper_util::rt::TokioIo;
use reqwest::Client;
use std::future::ready;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

#[tokio::main]
pub async fn main() -> anyhow::Result<()> {
    let client = Client::builder().no_proxy().build()?;
    for key in ["", "order 7"] {
        let (url, orders) = unlucky_shop().await?;
        let order = || client.post(&url).header("idempotency-key", key).send();
        if let Err(error) = order().await {
            println!("{}", anyhow::Error::from(error).root_cause());
        }
        // Bad without a key: the shop has the order already, and cannot know that this is the same.
        order().await?;
        println!("sent again with the key {key:?}: orders {}", orders.lock().unwrap().len());
    }
    Ok(())
}

type Orders = Arc<Mutex<Vec<String>>>;

/// Takes an order for each request, with a key only once. Its first answer does not arrive: the
/// connection closes, as when a server is restarted, or finds a connection idle for too long.
async fn unlucky_shop() -> std::io::Result<(String, Orders)> {
    let (listener, orders) = (TcpListener::bind("127.0.0.1:0").await?, Orders::default());
    let (url, shop) = (format!("http://{}/", listener.local_addr()?), orders.clone());
    tokio::spawn(async move {
        for answer in [Err("no answer"), Ok(())] {
            let take = service_fn(|request: Request<Incoming>| {
                let key = request.headers()["idempotency-key"].to_str().unwrap_or_default();
                let mut orders = shop.lock().unwrap();
                if key.is_empty() || !orders.iter().any(|taken| taken == key) {
                    orders.push(key.to_string());
                }
                ready(answer.map(|()| Response::new(String::new())))
            });
            let Ok((stream, _)) = listener.accept().await else { return };
            // The error is the one above.
            let _ = Builder::new().serve_connection(TokioIo::new(stream), take).await;
        }
    });
    Ok((url, orders))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::error::Error;
    use std::io::{BufRead, BufReader, Write};
    use std::iter::successors;
    use std::net::{TcpListener, TcpStream};
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::thread;
    use tokio::task::yield_now;

    fn client() -> Client {
        Client::builder().no_proxy().build().unwrap()
    }

    /// hyper's own name for it.
    fn is_incomplete_message(error: &reqwest::Error) -> bool {
        let mut causes = successors(error.source(), |&error| error.source());
        causes.any(|error| {
            error.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_incomplete_message)
        })
    }

    #[tokio::test]
    async fn what_is_sent_again_without_a_key_is_carried_out_twice() {
        for (key, expected) in [("", 2), ("order 7", 1)] {
            let (url, orders) = unlucky_shop().await.unwrap();
            let client = client();
            let order = || client.post(&url).header("idempotency-key", key).send();
            let error = order().await.unwrap_err();
            assert!(is_incomplete_message(&error) && error.is_request(), "{error:?}");
            assert_eq!(orders.lock().unwrap().len(), 1, "the error does not say so");
            order().await.unwrap();
            assert_eq!(orders.lock().unwrap().len(), expected);
        }
    }

    /// A server that answers one request, and closes when it is told to. Then it answers on a
    /// second connection. It tells the first line of each request.
    struct Server {
        url: String,
        close: Sender<()>,
        closed: Receiver<()>,
        requests: Receiver<String>,
    }

    fn server() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let ((close, told), (has_closed, closed)) = (channel(), channel());
        let (log, requests) = channel();
        thread::spawn(move || {
            let stream = listener.accept().unwrap().0;
            log.send(answer(&stream)).unwrap();
            told.recv().unwrap();
            drop(stream);
            has_closed.send(()).unwrap();
            if let Ok((stream, _)) = listener.accept() {
                log.send(answer(&stream)).unwrap();
            }
        });
        Server { url, close, closed, requests }
    }

    fn answer(mut stream: &TcpStream) -> String {
        let lines = BufReader::new(stream).lines().map_while(Result::ok);
        let head: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
        head[0].clone()
    }

    impl Server {
        /// Leaves a connection in the pool of the client, and closes it at the other end.
        async fn close_an_idle_connection_of(&self, client: &Client) {
            client.get(&self.url).send().await.unwrap().bytes().await.unwrap();
            yield_now().await;
            self.close.send(()).unwrap();
            // The thread waits, so no task of reqwest runs meanwhile, and none learns of the end.
            self.closed.recv().unwrap();
        }
    }

    /// Here no server has seen the request, and the error is the same one.
    #[cfg(target_os = "linux")] // elsewhere the system may have another error for it
    #[tokio::test]
    async fn a_request_on_a_connection_that_was_closed_unseen_has_the_same_error() {
        let (client, server) = (client(), server());
        server.close_an_idle_connection_of(&client).await;
        let error = client.post(&server.url).send().await.unwrap_err();
        assert!(is_incomplete_message(&error), "{error:?}");
        assert_eq!(server.requests.try_iter().collect::<Vec<_>>(), ["GET / HTTP/1.1"]);
    }

    /// Nothing of it had been written, so it is safe, whatever the method.
    #[tokio::test]
    async fn an_end_that_the_client_has_seen_costs_only_a_new_connection() {
        let (client, server) = (client(), server());
        server.close_an_idle_connection_of(&client).await;
        // Now the tasks of reqwest run, and learn of it.
        for _ in 0..10 {
            yield_now().await;
        }
        client.post(&server.url).send().await.unwrap();
        assert_eq!(server.requests.iter().take(2).collect::<Vec<_>>()[1], "POST / HTTP/1.1");
    }
}
