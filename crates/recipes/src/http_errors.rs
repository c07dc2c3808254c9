//! Call an HTTP service: one limit for the whole call, a limit for the body, and an error that says
//! what to do.
//!
//! For `https`, give `reqwest` one of its TLS features: `cargo add reqwest --features rustls`.
//!
//! ```no_run
//! # use recipes::http_errors::{HttpError, call};
//! # use std::time::Duration;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), HttpError> {
//! // Made once: the client owns the connections, and a new one begins without any.
//! let client = reqwest::Client::new();
//! let request = client.get("https://example.com/users/7").bearer_auth("token");
//! match call(request, Duration::from_secs(30), 1024 * 1024).await {
//!     Ok(body) => assert!(!body.is_empty()),
//!     Err(error) if error.is_transient() => { /* again, after `error.retry_after()` */ }
//!     Err(error) => return Err(error),
//! }
//! # Ok(()) }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use reqwest::header::RETRY_AFTER;
use reqwest::{RequestBuilder, Response, StatusCode};
use std::time::{Duration, SystemTime};
use thiserror::Error;
use tokio::time::timeout;

/// Why a call failed. The messages do not repeat their cause, which is the `source`.
#[derive(Debug, Error)]
pub enum HttpError {
    /// The request cannot be sent as it is: its address or a header is malformed.
    #[error("the request is malformed")]
    Request(#[source] reqwest::Error),
    /// The connection could not be made, or broke, or the answer was not HTTP.
    #[error("the connection to the service failed")]
    Network(#[source] reqwest::Error),
    /// The last byte had not arrived at this limit. The connection is closed.
    #[error("the service did not answer within {0:?}")]
    Timeout(Duration),
    /// The client asks too often, or the service is overloaded: 429 or 503.
    #[error("the service wants less load: {status}")]
    Overloaded {
        /// Which of the two.
        status: StatusCode,
        /// How long `Retry-After` asks to wait, if it does.
        retry_after: Option<Duration>,
    },
    /// The credentials are missing or do not suffice: 401 or 403.
    #[error("the service refuses the credentials: {0}")]
    Unauthorized(StatusCode),
    /// Any other status that is no success, such as a redirect that the client does not follow.
    #[error("the service answered {0}")]
    Status(StatusCode),
    /// The body has more bytes than this.
    #[error("the body has more than {0} bytes")]
    TooLarge(usize),
}

impl HttpError {
    /// Returns whether the same request may succeed later. After [`HttpError::Network`] and
    /// [`HttpError::Timeout`] it may already have been carried out: repeat it only if idempotent.
    pub fn is_transient(&self) -> bool {
        match self {
            HttpError::Network(_) | HttpError::Timeout(_) | HttpError::Overloaded { .. } => true,
            HttpError::Status(status) => {
                status.is_server_error() && *status != StatusCode::NOT_IMPLEMENTED
                    || *status == StatusCode::REQUEST_TIMEOUT
            }
            HttpError::Request(_) | HttpError::Unauthorized(_) | HttpError::TooLarge(_) => false,
        }
    }

    /// Returns how long the service asks to wait, if it does.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            HttpError::Overloaded { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

/// Sends `request` and returns the body of a success. `limit` covers everything from the connection
/// to the last byte of the body, which may have up to `max_body` bytes.
///
/// # Errors
///
/// [`HttpError`].
///
/// # Panics
///
/// Outside a Tokio runtime whose I/O and timers are enabled.
///
/// # Cancel safety
///
/// If dropped, it closes the connection. The service may have carried out the request.
pub async fn call(
    request: RequestBuilder,
    limit: Duration,
    max_body: usize,
) -> Result<Vec<u8>, HttpError> {
    let exchange = async { read(check(request.send().await.map_err(failure)?)?, max_body).await };
    timeout(limit, exchange).await.unwrap_or(Err(HttpError::Timeout(limit)))
}

fn failure(error: reqwest::Error) -> HttpError {
    if error.is_builder() { HttpError::Request(error) } else { HttpError::Network(error) }
}

fn check(response: Response) -> Result<Response, HttpError> {
    match response.status() {
        status if status.is_success() => Ok(response),
        status @ (StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) => {
            let value = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
            let retry_after = value.and_then(|value| wait(value, SystemTime::now()));
            Err(HttpError::Overloaded { status, retry_after })
        }
        status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {
            Err(HttpError::Unauthorized(status))
        }
        status => Err(HttpError::Status(status)),
    }
}

/// Reads the body up to a limit, unlike `Response::bytes`: a service must not exhaust the memory.
async fn read(mut response: Response, max_body: usize) -> Result<Vec<u8>, HttpError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failure)? {
        if chunk.len() > max_body - body.len() {
            return Err(HttpError::TooLarge(max_body));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Reads `Retry-After`: a number of seconds, or a date, which may be past.
fn wait(retry_after: &str, now: SystemTime) -> Option<Duration> {
    if let Ok(seconds) = retry_after.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(retry_after).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::error::Error as _;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpSocket};
    use tokio::time::Instant;

    const LIMIT: Duration = Duration::from_secs(30);

    /// A server that reads one request, sends these bytes, and then ends or waits for the client.
    async fn server(answer: impl Into<Vec<u8>>, then_waits: bool) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let answer = answer.into();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                request.push(stream.read_u8().await.unwrap());
            }
            stream.write_all(&answer).await.unwrap();
            if then_waits {
                let _ = stream.read_u8().await;
            }
        });
        url
    }

    async fn get(url: &str) -> Result<String, HttpError> {
        let body = call(reqwest::Client::new().get(url), LIMIT, 10).await?;
        Ok(String::from_utf8(body).unwrap())
    }

    async fn answered(answer: &str) -> Result<String, HttpError> {
        get(&server(answer, false).await).await
    }

    #[tokio::test]
    async fn each_success_is_its_body() {
        assert_eq!(answered("HTTP/1.1 200 OK\r\n\r\nfine").await.unwrap(), "fine");
        assert_eq!(answered("HTTP/1.1 204 No Content\r\n\r\n").await.unwrap(), "");
    }

    #[tokio::test]
    async fn each_status_has_its_error_and_says_whether_to_come_back() {
        for (status, message, transient) in [
            ("401 Unauthorized", "the service refuses the credentials: 401 Unauthorized", false),
            ("403 Forbidden", "the service refuses the credentials: 403 Forbidden", false),
            ("404 Not Found", "the service answered 404 Not Found", false),
            ("304 Not Modified", "the service answered 304 Not Modified", false),
            ("408 Request Timeout", "the service answered 408 Request Timeout", true),
            ("429 Too Many Requests", "the service wants less load: 429 Too Many Requests", true),
            ("500 Internal Server Error", "the service answered 500 Internal Server Error", true),
            ("501 Not Implemented", "the service answered 501 Not Implemented", false),
            (
                "503 Service Unavailable",
                "the service wants less load: 503 Service Unavailable",
                true,
            ),
        ] {
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
            let error = answered(&answer).await.unwrap_err();
            assert_eq!((&*error.to_string(), error.is_transient()), (message, transient));
            assert_eq!(error.retry_after(), None);
        }
    }

    #[tokio::test]
    async fn the_wait_that_the_service_asks_for_is_read() {
        let error = answered("HTTP/1.1 429 -\r\nretry-after: 7\r\n\r\n").await.unwrap_err();
        assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    }

    #[test]
    fn retry_after_is_read_in_both_of_its_forms() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        for (value, seconds) in [
            ("7", Some(7)),
            ("18446744073709551615", Some(u64::MAX)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60)),
            ("Sun, 06 Nov 1994 08:49:00 GMT", Some(0)),
            ("-7", None),
            ("7.5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(wait(value, now), seconds.map(Duration::from_secs), "{value:?}");
        }
    }

    /// Nothing answers and nothing else is to be done, so the paused clock moves to the limit.
    #[tokio::test(start_paused = true)]
    async fn a_service_that_never_answers_costs_the_limit() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let start = Instant::now();
        let error = get(&url).await.unwrap_err();
        assert_eq!(start.elapsed(), LIMIT);
        assert_eq!(error.to_string(), "the service did not answer within 30s");
        assert!(error.is_transient());
    }

    #[tokio::test]
    async fn a_body_that_stalls_is_given_up_at_the_limit() {
        let url = server("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf", true).await;
        let (limit, start) = (Duration::from_millis(50), Instant::now());
        let error = call(reqwest::Client::new().get(url), limit, 10).await.unwrap_err();
        assert!(matches!(error, HttpError::Timeout(at) if at == limit));
        assert!(start.elapsed() >= limit);
    }

    #[tokio::test]
    async fn a_refused_connection_and_a_body_that_is_cut_are_the_network() {
        // Bound and not listening: the port refuses, and nobody else can take it.
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let url = format!("http://{}/", socket.local_addr().unwrap());
        let error = get(&url).await.unwrap_err();
        assert!(matches!(&error, HttpError::Network(cause) if cause.is_connect()));
        assert_eq!(error.to_string(), "the connection to the service failed");
        assert!(error.is_transient() && error.source().is_some());

        let cut = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf";
        let error = answered(cut).await.unwrap_err();
        assert!(matches!(&error, HttpError::Network(cause) if cause.is_decode()), "{error:?}");
    }

    #[tokio::test]
    async fn a_request_that_is_none_is_not_worth_another_attempt() {
        let error = get("no url").await.unwrap_err();
        assert_eq!(
            (&*error.to_string(), error.is_transient()),
            ("the request is malformed", false)
        );
        let request = reqwest::Client::new().get("http://localhost").bearer_auth("two\nlines");
        let error = call(request, LIMIT, 10).await.unwrap_err();
        assert!(matches!(error, HttpError::Request(_)));
    }

    #[tokio::test]
    async fn a_body_may_have_the_limit_and_no_byte_more() {
        assert_eq!(answered("HTTP/1.1 200 OK\r\n\r\n0123456789").await.unwrap(), "0123456789");
        // A length that no memory has: what counts is what comes.
        for length in ["", "content-length: 1000000000000000\r\n"] {
            let answer = format!("HTTP/1.1 200 OK\r\n{length}\r\n0123456789a");
            let error = get(&server(answer, true).await).await.unwrap_err();
            assert_eq!(error.to_string(), "the body has more than 10 bytes");
            assert!(!error.is_transient());
        }
        let url = server("HTTP/1.1 200 OK\r\n\r\n", false).await;
        assert_eq!(call(reqwest::Client::new().get(url), LIMIT, 0).await.unwrap(), b"");
    }
}
