//! Guide 7.1 — A primary that fails in any way is replaced; a fallback that fails is an error.
//!
//! To take to work: `cargo run -- copy http_errors`.

use anyhow::{Context, Result, ensure};
use reqwest::{Client, StatusCode};
use std::time::Duration;

/// Nobody can listen on port 0, so whoever connects to it is refused.
const REFUSING: &str = "http://127.0.0.1:0/";

#[tokio::main]
pub async fn main() -> Result<()> {
    let base = std::env::var("BASE_URL").unwrap_or_else(|_| "https://httpbin.org".to_string());
    let (up, down) = (format!("{base}/get"), format!("{base}/status/500"));
    // reqwest limits no answer: a primary that stalls would never be replaced.
    let client = Client::builder().timeout(Duration::from_secs(10)).build()?;

    println!("{}", fetch_with_fallback(&client, &up, &down).await?);
    println!("{}", fetch_with_fallback(&client, &down, &up).await?);
    println!("{}", fetch_with_fallback(&client, REFUSING, &up).await?);
    if let Err(error) = fetch_with_fallback(&client, &down, &down).await {
        println!("エラー: {error:#}");
    }
    Ok(())
}

/// The body of the first of the two that answers with a success.
async fn fetch_with_fallback(client: &Client, primary: &str, fallback: &str) -> Result<String> {
    match fetch_api(client, primary).await {
        Ok(response) if response.status.is_success() => return Ok(response.body),
        Ok(ApiResponse { status, .. }) => {
            let status = status.as_u16();
            eprintln!("プライマリがステータス {status} を返却。フォールバックに切替");
        }
        Err(error) => eprintln!("プライマリがエラー: {error}。フォールバックに切替"),
    }
    let response = fetch_api(client, fallback).await;
    let ApiResponse { status, body } = response.context("フォールバックも失敗")?;
    ensure!(status.is_success(), "フォールバックもステータス {} を返却", status.as_u16());
    Ok(body)
}

/// Any status: it is for the caller to say which of them are failures.
struct ApiResponse {
    status: StatusCode,
    body: String,
}

async fn fetch_api(client: &Client, url: &str) -> Result<ApiResponse> {
    let response = client.get(url).send().await;
    let response = response.with_context(|| format!("HTTP リクエスト失敗: {url}"))?;
    let status = response.status();
    let body = response.text().await;
    let body = body.context("レスポンスボディの読み取り失敗")?;
    Ok(ApiResponse { status, body })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::{Instant, timeout};
    use utils::http::{Answer, Server};
    use utils::probe::in_child;

    /// Only a hang takes as long.
    const LIMIT: Duration = Duration::from_secs(60);
    const HOUR: Duration = Duration::from_secs(3600);

    fn client(limit: Duration) -> Client {
        Client::builder().timeout(limit).build().unwrap()
    }

    fn answering(answers: impl IntoIterator<Item = Answer>) -> (Server, String, Client) {
        let server = Server::start(answers).unwrap();
        let url = server.url("/");
        (server, url, client(LIMIT))
    }

    /// The rules of the document: 200 is the one success, and the fallback may say what it likes.
    ///
    /// `at_the_headers` is called before each body.
    async fn documented(
        primary: &str,
        fallback: &str,
        at_the_headers: impl Fn(),
    ) -> Result<String, reqwest::Error> {
        if let Ok(response) = reqwest::get(primary).await {
            at_the_headers();
            let status = response.status();
            if let (Ok(body), true) = (response.text().await, status == 200) {
                return Ok(body);
            }
        }
        reqwest::get(fallback).await?.text().await
    }

    #[tokio::test]
    async fn a_primary_that_answers_spares_the_fallback() {
        let (server, url, client) = answering([Answer::ok("primary"), Answer::ok("fallback")]);
        let body = fetch_with_fallback(&client, &url, &url).await.unwrap();
        assert_eq!((body.as_str(), server.requests().len()), ("primary", 1));
    }

    /// Proves G-7.1-1.
    #[test]
    fn each_kind_of_failure_is_announced_on_stderr() {
        let ended = in_child(LIMIT, || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async {
                let cut = Answer::ok("half").then_cut();
                for primary in [Answer::status(500), cut] {
                    let (_server, url, client) = answering([primary, Answer::ok("fallback")]);
                    let body = fetch_with_fallback(&client, &url, &url).await.unwrap();
                    assert_eq!(body, "fallback");
                }
                let (_server, url, client) = answering([Answer::ok("fallback")]);
                for primary in [REFUSING, "no url"] {
                    let body = fetch_with_fallback(&client, primary, &url).await.unwrap();
                    assert_eq!(body, "fallback");
                }
            });
        });
        assert!(ended.status.success(), "{ended:#?}");
        assert_eq!(
            ended.stderr.lines().collect::<Vec<_>>(),
            [
                "プライマリがステータス 500 を返却。フォールバックに切替",
                "プライマリがエラー: レスポンスボディの読み取り失敗。フォールバックに切替",
                "プライマリがエラー: HTTP リクエスト失敗: http://127.0.0.1:0/。フォールバックに切替",
                "プライマリがエラー: HTTP リクエスト失敗: no url。フォールバックに切替",
            ]
        );
    }

    /// Proves G-7.1-2.
    #[tokio::test]
    async fn the_documented_fallback_takes_an_error_page_for_an_answer() {
        let down = || Answer::status(500).body("サーバエラー本文");
        let (_server, url, client) = answering([down(), down()]);
        let body = documented(&url, &url, || {}).await.unwrap();
        assert_eq!(body, "サーバエラー本文");

        let error = fetch_with_fallback(&client, &url, &url).await.unwrap_err();
        assert_eq!(error.to_string(), "フォールバックもステータス 500 を返却");
    }

    #[tokio::test]
    async fn a_fallback_that_refuses_is_an_error_that_says_so() {
        let (_server, url, client) = answering([Answer::status(500)]);
        let error = fetch_with_fallback(&client, &url, REFUSING).await;
        let chain: Vec<_> = error.unwrap_err().chain().map(|e| e.to_string()).collect();
        assert_eq!(
            chain[..2],
            ["フォールバックも失敗", "HTTP リクエスト失敗: http://127.0.0.1:0/"]
        );
    }

    /// Proves G-7.1-2.
    #[tokio::test]
    async fn the_documented_success_is_200_alone() {
        for status in [201, 204] {
            let answers = || [Answer::status(status), Answer::ok("fallback")];
            let (_server, url, _client) = answering(answers());
            let body = documented(&url, &url, || {}).await.unwrap();
            assert_eq!(body, "fallback", "{status}");

            let (server, url, client) = answering(answers());
            let body = fetch_with_fallback(&client, &url, &url).await.unwrap();
            assert_eq!((body.as_str(), server.requests().len()), ("", 1));
        }
    }

    /// The clock is paused once the headers are there: an hour passes as soon as nothing happens.
    #[tokio::test]
    async fn a_primary_that_stalls_is_never_replaced_without_a_limit() {
        let (_server, url, _client) = answering([Answer::ok("half").then_stall()]);
        let start = Instant::now();
        let call = documented(&url, REFUSING, tokio::time::pause);
        timeout(HOUR, call).await.unwrap_err();
        assert!(start.elapsed() >= HOUR);
    }

    #[tokio::test]
    async fn a_primary_that_stalls_fails_at_the_limit() {
        let (_server, url, _client) = answering([Answer::ok("half").then_stall()]);
        let limit = Duration::from_millis(100);
        let start = Instant::now();
        let call = async { fetch_api(&client(limit), &url).await };
        let error = timeout(LIMIT, call).await.unwrap().err().unwrap();
        assert!(start.elapsed() >= limit);
        let cause = error.chain().nth(1);
        assert!(cause.unwrap().downcast_ref::<reqwest::Error>().unwrap().is_timeout());
    }

    #[tokio::test]
    async fn bytes_that_are_no_utf_8_are_replaced_without_a_word() {
        let (_server, url, client) = answering([Answer::ok(&b"caf\xe9"[..])]);
        let response = fetch_api(&client, &url).await.unwrap();
        assert_eq!(response.body, "caf\u{fffd}");
    }
}
