//! Send an HTTP request once more when its connection breaks, if a second time does no harm.
//!
//! A client keeps connections, and a server closes them: when it is restarted, or finds them idle for
//! too long. If that happens while a request is on its way, the error is "connection closed before
//! message completed" or a reset, and nobody knows how far the server has come. hyper repeats a request
//! only if nothing of it was written. Here it is also repeated if its method is idempotent, or if it
//! has an `idempotency-key`, by which the server must know it.
//!
//! A `pool_idle_timeout` below that of the server makes such errors rare, and cannot exclude them. For
//! pauses and more attempts, take `retry`. `ClientBuilder::retry` of `reqwest` can repeat by method
//! too, with a budget for each host: it does not see the headers, so it cannot know the key.
//!
//! ```no_run
//! # use recipes::resend::send;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> reqwest::Result<()> {
//! let client = reqwest::Client::new();
//! let order = client.post("https://example.com/orders").header("idempotency-key", "order 7");
//! let response = send(&client, order.build()?).await?;
//! # drop(response); Ok(()) }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use reqwest::{Client, Error, Request, Response};

/// Sends a request, and once more at once if its connection breaks and it [`is_repeatable`].
///
/// # Errors
///
/// Those of [`Client::execute`]: of the first time, or of the second one if there was one.
///
/// # Panics
///
/// Outside a Tokio runtime whose I/O is enabled.
///
/// # Cancel safety
///
/// If dropped, it closes the connection. The server may have carried out the request.
///
/// # Non-guarantees
///
/// A body that is a stream cannot be sent again. A connection that breaks within the answer's body is
/// an error of whoever reads the body.
pub async fn send(client: &Client, request: Request) -> Result<Response, Error> {
    let again = if is_repeatable(&request) { request.try_clone() } else { None };
    match (client.execute(request).await, again) {
        (Err(error), Some(again)) if has_broken(&error) => client.execute(again).await,
        (result, _) => result,
    }
}

/// Returns whether a server that has carried out this request takes a second one without harm: its
/// method is idempotent, such as `GET`, `PUT` or `DELETE`, or it has an `idempotency-key`.
pub fn is_repeatable(request: &Request) -> bool {
    request.method().is_idempotent() || request.headers().contains_key("idempotency-key")
}

/// Returns whether there was a connection, which broke before the answer came.
fn has_broken(error: &Error) -> bool {
    error.is_request() && !error.is_connect() && !error.is_timeout()
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::{Body, Method, RequestBuilder};
    use std::sync::{Arc, Mutex};
    use std::time::Duration;
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::TcpListener;

    /// A server that closes this many connections instead of an answer, and its log of requests.
    async fn server(closes: usize) -> (String, Arc<Mutex<Vec<String>>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = requests.clone();
        tokio::spawn(async move {
            for connection in 0.. {
                let mut stream = BufReader::new(listener.accept().await.unwrap().0);
                let mut head = String::new();
                while !head.ends_with("\r\n\r\n") {
                    stream.read_line(&mut head).await.unwrap();
                }
                log.lock().unwrap().push(head.lines().next().unwrap_or_default().to_string());
                if connection >= closes {
                    stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
                }
            }
        });
        (url, requests)
    }

    fn client() -> Client {
        Client::builder().no_proxy().build().unwrap()
    }

    /// How it ends, and how often the server has seen it.
    async fn sent(
        closes: usize,
        request: impl FnOnce(&Client, &str) -> RequestBuilder,
    ) -> (Result<u16, Error>, usize) {
        let (client, (url, requests)) = (client(), server(closes).await);
        let request = request(&client, &url).build().unwrap();
        let result = send(&client, request).await.map(|response| response.status().as_u16());
        let seen = requests.lock().unwrap().len();
        (result, seen)
    }

    #[tokio::test]
    async fn what_is_idempotent_is_sent_once_more() {
        for method in [Method::GET, Method::HEAD, Method::PUT, Method::DELETE, Method::OPTIONS] {
            let (result, seen) = sent(1, |client, url| client.request(method, url)).await;
            assert_eq!((result.unwrap(), seen), (204, 2));
        }
    }

    #[tokio::test]
    async fn a_post_is_sent_once_and_one_with_a_key_once_more() {
        let (result, seen) = sent(1, |client, url| client.post(url)).await;
        assert_eq!((has_broken(&result.unwrap_err()), seen), (true, 1));
        let with_key = |client: &Client, url: &str| client.post(url).header("idempotency-key", "7");
        let (result, seen) = sent(1, with_key).await;
        assert_eq!((result.unwrap(), seen), (204, 2));
    }

    #[tokio::test]
    async fn the_body_is_sent_again_unless_it_is_a_stream() {
        let (result, seen) = sent(1, |client, url| client.put(url).body("order")).await;
        assert_eq!((result.unwrap(), seen), (204, 2));
        let stream = Body::wrap("order".to_string());
        let (result, seen) = sent(1, |client, url| client.put(url).body(stream)).await;
        assert_eq!((has_broken(&result.unwrap_err()), seen), (true, 1));
    }

    #[tokio::test]
    async fn there_is_no_third_time() {
        let (result, seen) = sent(2, |client, url| client.get(url)).await;
        assert_eq!((has_broken(&result.unwrap_err()), seen), (true, 2));
    }

    #[tokio::test]
    async fn an_answer_is_an_answer_and_a_refusal_is_not_repeated() {
        let (result, seen) = sent(0, |client, url| client.get(url)).await;
        assert_eq!((result.unwrap(), seen), (204, 1));
        // Nobody can listen on port 0.
        let (result, _) = sent(0, |client, _| client.get("http://127.0.0.1:0/")).await;
        let error = result.unwrap_err();
        assert!(error.is_connect() && !has_broken(&error));
    }

    #[tokio::test]
    async fn a_timeout_is_not_repeated() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let client = client();
        let request = client.get(url).timeout(Duration::from_millis(10)).build().unwrap();
        let error = send(&client, request).await.unwrap_err();
        assert!(error.is_timeout() && !has_broken(&error));
    }
}
