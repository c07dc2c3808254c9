//! Guide 7.2 — One limit spans the whole call, body included, and each failure has a type of its own.

use anyhow::{Context, anyhow};
use reqwest::{Client, Response, StatusCode, header::RETRY_AFTER};
use std::time::{Duration, SystemTime};
use thiserror::Error;
use tokio::time::timeout;

/// A server must not fill the memory of its caller.
const MAX_BODY: usize = 1024 * 1024;

#[tokio::main]
pub async fn main() -> anyhow::Result<()> {
    let base = std::env::var("BASE_URL").unwrap_or_else(|_| "https://httpbin.org".to_string());
    // Built once: the client owns the connections, and each new one would begin without any.
    let client = Client::builder().build()?;
    let (usual, short) = (Duration::from_secs(30), Duration::from_millis(100));
    for (path, limit) in [
        ("/get", usual),
        ("/status/401", usual),
        ("/status/429", usual),
        ("/status/500", usual),
        ("/drip?duration=10&numbytes=10", short),
    ] {
        match call_service(&client, &format!("{base}{path}"), "tok", limit).await {
            Ok(body) => println!("{body}"),
            // No message repeats its cause: `{:#}` of anyhow adds it.
            Err(error) => println!("{:#}", anyhow::Error::from(error)),
        }
    }
    Ok(())
}

/// The limit spans everything from the connection to the last byte of the body.
///
/// At the limit the exchange is dropped, which closes its connection.
async fn call_service(
    client: &Client,
    url: &str,
    token: &str,
    limit: Duration,
) -> Result<String, ServiceError> {
    match timeout(limit, exchange(client, url, token)).await {
        Ok(result) => result,
        Err(_elapsed) => Err(ServiceError::Timeout(limit)),
    }
}

async fn exchange(client: &Client, url: &str, token: &str) -> Result<String, ServiceError> {
    let response = client.get(url).bearer_auth(token).send().await?;
    match response.status() {
        status if status.is_success() => read_text(response).await,
        StatusCode::UNAUTHORIZED => Err(ServiceError::Auth("無効なトークン".into())),
        StatusCode::TOO_MANY_REQUESTS => {
            let value = response.headers().get(RETRY_AFTER);
            let text = value.and_then(|value| value.to_str().ok());
            let retry_after = text.and_then(|text| wait(text, SystemTime::now()));
            Err(ServiceError::RateLimit { retry_after })
        }
        status => Err(anyhow!("予期しないステータス: {status}").into()),
    }
}

/// Unlike `Response::text`, stops at [`MAX_BODY`] and refuses what is not UTF-8.
async fn read_text(mut response: Response) -> Result<String, ServiceError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if chunk.len() > MAX_BODY - body.len() {
            return Err(anyhow!("ボディが {MAX_BODY} バイトを超過").into());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8(body).context("ボディが UTF-8 ではない")?)
}

/// How long `Retry-After` asks to wait: it is a number of seconds, or a date, which may be past.
fn wait(retry_after: &str, now: SystemTime) -> Option<Duration> {
    if let Ok(seconds) = retry_after.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(retry_after).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[derive(Debug, Error)]
enum ServiceError {
    #[error("ネットワークエラー")]
    Network(#[from] reqwest::Error),

    #[error("タイムアウト: {}秒超過", .0.as_secs_f64())]
    Timeout(Duration),

    /// `None` where the server does not say, or not in a form that can be read.
    #[error("レートリミット: {}", advice(*.retry_after))]
    RateLimit { retry_after: Option<Duration> },

    #[error("認証失敗: {0}")]
    Auth(String),

    #[error("内部エラー")]
    Internal(#[from] anyhow::Error),
}

fn advice(retry_after: Option<Duration>) -> String {
    match retry_after {
        // Rounded up: who comes a moment early is turned away again.
        Some(wait) => format!("{}秒後にリトライ", wait.as_secs_f64().ceil()),
        None => "リトライ時期の指定なし".to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::error::Error;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpSocket};
    use tokio::time::Instant;
    use utils::http::{Answer, Server};

    /// Only a hang takes as long.
    const LIMIT: Duration = Duration::from_secs(30);
    const HOUR: Duration = Duration::from_secs(3600);

    async fn call(url: &str) -> Result<String, ServiceError> {
        call_service(&Client::new(), url, "tok", LIMIT).await
    }

    async fn call_answered_by(answer: Answer) -> Result<String, ServiceError> {
        let server = Server::start([answer]).unwrap();
        call(&server.url("/")).await
    }

    /// What a program prints.
    fn printed(error: ServiceError) -> String {
        format!("{:#}", anyhow::Error::from(error))
    }

    fn with_retry_after(value: &str) -> Answer {
        Answer::status(429).header("retry-after", value)
    }

    /// The errors of the document, as far as their words differ from the ones above.
    #[derive(Debug, Error)]
    enum Documented {
        #[error("ネットワークエラー: {0}")]
        Network(#[from] reqwest::Error),
        #[error("タイムアウト: {0}秒超過")]
        Timeout(u64),
        #[error("レートリミット: {retry_after}秒後にリトライ")]
        RateLimit { retry_after: u64 },
        #[error("内部エラー: {0}")]
        Internal(#[from] anyhow::Error),
    }

    /// The rules of the document: a new client for each call, a limit up to the headers, 200 as the
    /// one success, and 60 s where `Retry-After` is no number.
    async fn documented(url: &str, at_the_headers: impl Fn()) -> Result<String, Documented> {
        let sent = Client::new().get(url).bearer_auth("tok").send();
        let response = timeout(LIMIT, sent).await;
        let response = response.map_err(|_| Documented::Timeout(LIMIT.as_secs()))??;
        at_the_headers();
        match response.status().as_u16() {
            200 => Ok(response.text().await?),
            429 => {
                let value = response.headers().get(RETRY_AFTER);
                let seconds = value.and_then(|value| value.to_str().ok()?.parse().ok());
                let retry_after = seconds.unwrap_or(60);
                Err(Documented::RateLimit { retry_after })
            }
            _ => Err(anyhow!("予期しないステータス: {}", response.status()).into()),
        }
    }

    async fn documented_answered_by(answer: Answer) -> Result<String, Documented> {
        let server = Server::start([answer]).unwrap();
        documented(&server.url("/"), || {}).await
    }

    /// Proves G-7.2-1.
    #[tokio::test]
    async fn a_success_is_the_body_and_the_token_goes_out_as_a_bearer() {
        let server = Server::start([Answer::ok("本文")]).unwrap();
        assert_eq!(call(&server.url("/")).await.unwrap(), "本文");
        let requests = server.requests();
        assert_eq!(requests.len(), 1);
        assert_eq!(requests[0].headers()["authorization"], "Bearer tok");
    }

    /// Proves G-7.2-1.
    #[tokio::test]
    async fn each_status_that_is_no_success_has_its_documented_words() {
        for (answer, words) in [
            (Answer::status(401), "認証失敗: 無効なトークン"),
            (with_retry_after("7"), "レートリミット: 7秒後にリトライ"),
            (Answer::status(500), "内部エラー: 予期しないステータス: 500 Internal Server Error"),
        ] {
            assert_eq!(printed(call_answered_by(answer).await.unwrap_err()), words);
        }
    }

    /// Proves G-7.2-1.
    #[tokio::test]
    async fn the_documented_success_is_200_alone() {
        for (status, name) in [(201, "201 Created"), (204, "204 No Content")] {
            let answer = Answer::status(status);
            let error = documented_answered_by(answer.clone()).await.unwrap_err();
            assert_eq!(error.to_string(), format!("内部エラー: 予期しないステータス: {name}"));
            assert_eq!(call_answered_by(answer).await.unwrap(), "");
        }
    }

    /// Proves G-7.2-2.
    #[tokio::test]
    async fn the_documented_wait_is_60_s_where_the_server_names_a_date_or_nothing() {
        let date = httpdate::fmt_http_date(SystemTime::now() + HOUR);
        for (answer, seconds) in
            [(with_retry_after("7"), 7), (with_retry_after(&date), 60), (Answer::status(429), 60)]
        {
            let error = documented_answered_by(answer).await.unwrap_err();
            assert!(
                matches!(error, Documented::RateLimit { retry_after } if retry_after == seconds),
                "{error}"
            );
        }
    }

    #[tokio::test]
    async fn a_date_is_a_wait_and_no_header_is_none() {
        let date = httpdate::fmt_http_date(SystemTime::now() + HOUR);
        let error = call_answered_by(with_retry_after(&date)).await.unwrap_err();
        let ServiceError::RateLimit { retry_after: wait } = error else { panic!("{error}") };
        // A date has no fraction of a second, and the call took a while.
        let wait = wait.unwrap();
        assert!(wait <= HOUR && wait > HOUR - LIMIT, "{wait:?}");

        let error = call_answered_by(Answer::status(429)).await.unwrap_err();
        assert!(matches!(error, ServiceError::RateLimit { retry_after: None }));
        assert_eq!(printed(error), "レートリミット: リトライ時期の指定なし");
    }

    #[test]
    fn retry_after_is_read_in_both_of_its_forms() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        for (value, expected) in [
            ("7", seconds(7)),
            ("0", seconds(0)),
            ("18446744073709551615", seconds(u64::MAX)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", seconds(60)),
            ("Sun, 06 Nov 1994 08:49:00 GMT", seconds(0)),
            ("-7", None),
            ("7.5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(wait(value, now), expected, "{value:?}");
        }
    }

    #[test]
    fn a_wait_is_printed_rounded_up() {
        let wait = Some(Duration::from_millis(6001));
        assert_eq!(advice(wait), "7秒後にリトライ");
    }

    /// Nothing answers and nothing else is to be done, so the paused clock moves to the limit.
    /// Proves G-7.2-3.
    #[tokio::test(start_paused = true)]
    async fn a_server_that_never_answers_costs_the_limit() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let (client, start) = (Client::new(), Instant::now());
        let call = call_service(&client, &url, "tok", LIMIT);
        let error = timeout(HOUR, call).await.unwrap().unwrap_err();
        assert_eq!(error.to_string(), "タイムアウト: 30秒超過");
        assert_eq!(start.elapsed(), LIMIT);

        let error = documented(&url, || {}).await.unwrap_err();
        assert_eq!(error.to_string(), "タイムアウト: 30秒超過");
    }

    /// The clock is paused once the headers are there: an hour passes as soon as nothing happens.
    /// Proves G-7.2-4.
    #[tokio::test]
    async fn the_documented_limit_ends_with_the_headers() {
        let server = Server::start([Answer::ok("half").then_stall()]).unwrap();
        let (url, start) = (server.url("/"), Instant::now());
        let call = documented(&url, tokio::time::pause);
        timeout(HOUR, call).await.unwrap_err();
        assert!(start.elapsed() >= HOUR);
    }

    #[tokio::test]
    async fn a_stalled_body_is_given_up_at_the_limit() {
        let server = Server::start([Answer::ok("half").then_stall()]).unwrap();
        let (client, url, start) = (Client::new(), server.url("/"), Instant::now());
        let limit = Duration::from_millis(100);
        let call = call_service(&client, &url, "tok", limit);
        let error = timeout(LIMIT, call).await.unwrap().unwrap_err();
        assert_eq!(error.to_string(), "タイムアウト: 0.1秒超過");
        assert!(start.elapsed() >= limit);
    }

    #[tokio::test]
    async fn a_refused_connection_and_a_cut_body_are_network_errors() {
        // Bound and not listening: the port refuses, and nobody else can take it.
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let url = format!("http://{}/", socket.local_addr().unwrap());
        let error = call(&url).await.unwrap_err();
        assert!(matches!(&error, ServiceError::Network(cause) if cause.is_connect()));
        let words = format!("ネットワークエラー: error sending request for url ({url}): ");
        assert!(printed(error).starts_with(&words));

        let cut = Answer::ok("half").then_cut();
        let error = call_answered_by(cut).await.unwrap_err();
        assert!(matches!(&error, ServiceError::Network(cause) if cause.is_decode()));
    }

    #[tokio::test]
    async fn an_address_or_a_token_that_is_none_is_an_error_before_any_request() {
        assert_eq!(
            printed(call("no url").await.unwrap_err()),
            "ネットワークエラー: builder error: relative URL without a base"
        );
        let server = Server::start([Answer::ok("")]).unwrap();
        let (client, url) = (Client::new(), server.url("/"));
        let call = call_service(&client, &url, "two\nlines", LIMIT);
        assert_eq!(
            printed(call.await.unwrap_err()),
            "ネットワークエラー: builder error: failed to parse header value"
        );
        assert_eq!(server.requests().len(), 0);
    }

    #[tokio::test]
    async fn a_body_that_is_no_utf_8_is_an_error_where_text_replaces_bytes() {
        let latin = Answer::ok(&b"caf\xe9"[..]);
        let body = documented_answered_by(latin.clone()).await.unwrap();
        assert_eq!(body, "caf\u{fffd}");
        let error = call_answered_by(latin).await.unwrap_err();
        assert_eq!(
            printed(error),
            "内部エラー: ボディが UTF-8 ではない: \
             incomplete utf-8 byte sequence from index 3"
        );
    }

    #[tokio::test]
    async fn a_body_may_have_a_mebibyte_and_no_byte_more() {
        let full = call_answered_by(Answer::ok(vec![b'x'; MAX_BODY])).await;
        assert_eq!(full.unwrap().len(), 1_048_576);
        let more = call_answered_by(Answer::ok(vec![b'x'; MAX_BODY + 1])).await;
        assert_eq!(
            printed(more.map(|body| body.len()).unwrap_err()),
            "内部エラー: ボディが 1048576 バイトを超過"
        );
    }

    /// `?` makes a [`ServiceError`] of both.
    /// Proves G-7.2-5.
    #[tokio::test]
    async fn network_and_internal_convert_and_keep_their_cause() {
        async fn both(url: &str) -> Result<(), ServiceError> {
            reqwest::get(url).await?;
            Err(anyhow!("cause"))?
        }
        let network = both("no url").await.unwrap_err();
        assert!(matches!(network, ServiceError::Network(_)));
        assert_eq!(network.source().unwrap().to_string(), "builder error");

        let server = Server::start([Answer::ok("")]).unwrap();
        let internal = both(&server.url("/")).await.unwrap_err();
        assert!(matches!(internal, ServiceError::Internal(_)));
        assert_eq!(internal.source().unwrap().to_string(), "cause");
    }

    /// Answers every request on every connection, and counts the connections.
    async fn count_connections(calls: impl AsyncFn(&str)) -> usize {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let connections = std::cell::Cell::new(0);
        let serve = async {
            let mut open = tokio::task::JoinSet::new();
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                connections.set(connections.get() + 1);
                open.spawn(async move {
                    let mut request = Vec::new();
                    while stream.read_buf(&mut request).await.unwrap_or(0) > 0 {
                        if request.ends_with(b"\r\n\r\n") {
                            request.clear();
                            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
                            stream.write_all(answer).await.unwrap();
                        }
                    }
                });
            }
        };
        tokio::select! {
            () = serve => unreachable!("it accepts for ever"),
            () = calls(&url) => connections.get(),
        }
    }

    #[tokio::test]
    async fn one_client_keeps_its_connection_where_a_new_one_opens_another() {
        let reused = count_connections(async |url| {
            let client = Client::new();
            for _ in 0..3 {
                call_service(&client, url, "tok", LIMIT).await.unwrap();
                // The client's own task puts the connection back.
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
        assert_eq!(reused.await, 1);

        let new_each_time = count_connections(async |url| {
            for _ in 0..3 {
                documented(url, || {}).await.unwrap();
            }
        });
        assert_eq!(new_each_time.await, 3);
    }
}
