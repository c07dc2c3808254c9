//! Guide 7.2 — One limit covers the whole call with its body; each failure has its own type.
//!
//! To take to work: `cargo run -- copy http_errors`.

use anyhow::anyhow;
use reqwest::{Client, StatusCode, header::RETRY_AFTER};
use std::time::Duration;
use thiserror::Error;
use tokio::time::timeout;

#[tokio::main]
pub async fn main() -> anyhow::Result<()> {
    let base = std::env::var("BASE_URL").unwrap_or_else(|_| "https://httpbin.org".to_string());
    // Built once: the client owns the connections, and each new one would begin without any.
    let client = Client::builder().build()?;
    for path in ["/get", "/status/401", "/status/429", "/status/500", "/drip"] {
        // The last one sends its body slowly.
        let limit = Duration::from_millis(if path == "/drip" { 100 } else { 30_000 });
        match call_service(&client, &format!("{base}{path}"), limit).await {
            Ok(body) => println!("{body}"),
            // No message repeats its cause: `{:#}` of anyhow adds it.
            Err(error) => println!("{:#}", anyhow::Error::from(error)),
        }
    }
    Ok(())
}

#[derive(Debug, Error)]
enum ServiceError {
    #[error("ネットワークエラー")]
    Network(#[from] reqwest::Error),
    #[error("タイムアウト: {}秒超過", .0.as_secs_f64())]
    Timeout(Duration),
    /// `None` if the server names no number of seconds.
    #[error("レートリミット: {}秒後にリトライ", .retry_after.map_or("?".into(), |it| it.to_string()))]
    RateLimit { retry_after: Option<u64> },
    #[error("認証失敗: {0}")]
    Auth(String),
    #[error("内部エラー")]
    Internal(#[from] anyhow::Error),
}

async fn call_service(client: &Client, url: &str, limit: Duration) -> Result<String, ServiceError> {
    let exchange = async {
        let response = client.get(url).bearer_auth("tok").send().await?;
        match response.status() {
            status if status.is_success() => Ok(response.text().await?),
            StatusCode::UNAUTHORIZED => Err(ServiceError::Auth("無効なトークン".into())),
            StatusCode::TOO_MANY_REQUESTS => {
                let value = response.headers().get(RETRY_AFTER);
                let retry_after = value.and_then(|value| value.to_str().ok()?.parse().ok());
                Err(ServiceError::RateLimit { retry_after })
            }
            status => Err(anyhow!("予期しないステータス: {status}").into()),
        }
    };
    timeout(limit, exchange).await.unwrap_or(Err(ServiceError::Timeout(limit)))
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
        call_service(&Client::new(), url, LIMIT).await
    }

    async fn call_answered_by(answer: Answer) -> Result<String, ServiceError> {
        let server = Server::start([answer]).unwrap();
        call(&server.url("/")).await
    }

    /// Returns the line that a program prints.
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
        let date = "Sun, 06 Nov 2094 08:49:37 GMT";
        for (answer, seconds) in
            [(with_retry_after("7"), 7), (with_retry_after(date), 60), (Answer::status(429), 60)]
        {
            let error = documented_answered_by(answer).await.unwrap_err();
            assert!(
                matches!(error, Documented::RateLimit { retry_after } if retry_after == seconds),
                "{error}"
            );
        }
    }

    #[tokio::test]
    async fn a_rate_limit_without_a_number_is_none() {
        for answer in [with_retry_after("soon"), Answer::status(429)] {
            let error = call_answered_by(answer).await.unwrap_err();
            assert!(matches!(error, ServiceError::RateLimit { retry_after: None }));
            assert_eq!(printed(error), "レートリミット: ?秒後にリトライ");
        }
    }

    /// Nothing answers and nothing else is to be done, so the paused clock moves to the limit.
    /// Proves G-7.2-3.
    #[tokio::test(start_paused = true)]
    async fn a_server_that_never_answers_costs_the_limit() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let (client, start) = (Client::new(), Instant::now());
        let call = call_service(&client, &url, LIMIT);
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
        let call = call_service(&client, &url, limit);
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
    async fn an_address_that_is_none_is_an_error_before_any_request() {
        assert_eq!(
            printed(call("no url").await.unwrap_err()),
            "ネットワークエラー: builder error: relative URL without a base"
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
                call_service(&client, url, LIMIT).await.unwrap();
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
