//! Guide 3.1 — An `async fn` returns a future; if you await it, you get the body or an error.

use reqwest::{Client, Result};
use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

/// From connecting to the last byte of the body: without it, a body that stalls is awaited for good.
const TIME_LIMIT: Duration = Duration::from_secs(30);

#[tokio::main]
pub async fn main() -> ExitCode {
    let base_url = std::env::var("BASE_URL").unwrap_or_else(|_| "https://httpbin.org".to_string());
    run(base_url.trim_end_matches('/')).await
}

/// An error goes to stderr and into the exit code, so that a script can tell.
async fn run(base_url: &str) -> ExitCode {
    match fetch_data(&format!("{base_url}/get")).await {
        Ok(body) => println!("取得成功: {}バイト", body.len()),
        Err(error) => {
            eprintln!("エラー: {}", with_causes(&error));
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

async fn fetch_data(url: &str) -> Result<Vec<u8>> {
    let client = Client::builder().timeout(TIME_LIMIT).build()?;
    let response = client.get(url).send().await?.error_for_status()?;
    let body = response.bytes().await?;
    Ok(body.into())
}

/// reqwest prints the outermost error only: `error sending request`, but not why.
fn with_causes(error: &dyn Error) -> String {
    let chain = std::iter::successors(Some(error), |&error| error.source());
    chain.map(|e| e.to_string()).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::{Instant, timeout};
    use utils::http::{Answer, Server, httpbin};
    use utils::probe::in_child;

    /// Nothing listens on port 1.
    const REFUSING: &str = "http://127.0.0.1:1";
    const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

    fn client() -> Client {
        // A proxy of this machine has no way to 127.0.0.1.
        Client::builder().no_proxy().timeout(TIME_LIMIT).build().unwrap()
    }

    /// Proves G-3.1-3.
    #[tokio::test]
    async fn a_body_arrives_byte_for_byte() {
        let server = Server::by_path(httpbin).unwrap();
        let body = fetch_data(&server.url("/get")).await.unwrap();
        assert_eq!(body, *b"{\"url\": \"/get\"}");
        assert_eq!(body.len(), 15);
    }

    /// Proves G-3.1-3, G-3.1-5.
    #[tokio::test]
    async fn a_refused_connection_is_named_only_by_the_causes() {
        let error = fetch_data(REFUSING).await.unwrap_err();
        assert_eq!(error.to_string(), "error sending request for url (http://127.0.0.1:1/)");
        let chain = with_causes(&error);
        assert!(
            chain.starts_with("error sending request for url (http://127.0.0.1:1/): "),
            "{chain}"
        );
        // Each system has its own words for it.
        let refused = std::net::TcpStream::connect("127.0.0.1:1").unwrap_err();
        assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
        assert!(chain.ends_with(&refused.to_string()), "{chain}");
    }

    #[tokio::test]
    async fn a_connection_closed_before_the_answer_is_an_error() {
        let server = Server::start([Answer::close()]).unwrap();
        let error = fetch_data(&server.url("/")).await.unwrap_err();
        assert!(error.is_request(), "{}", with_causes(&error));
    }

    #[tokio::test]
    async fn a_body_cut_off_is_an_error_and_not_a_shorter_body() {
        let server = Server::start([Answer::ok("{").then_cut()]).unwrap();
        fetch_data(&server.url("/")).await.unwrap_err();
    }

    /// Proves G-3.1-5.
    #[tokio::test]
    async fn a_bad_url_is_a_builder_error() {
        let error = fetch_data("no url").await.unwrap_err();
        assert_eq!(error.to_string(), "builder error");
        assert_eq!(with_causes(&error), "builder error: relative URL without a base");
    }

    /// The server does not speak TLS, so this fails; but in the handshake, which is reqwest's TLS.
    #[tokio::test]
    async fn https_is_spoken() {
        let server = Server::start([Answer::ok("")]).unwrap();
        let url = server.url("/").replace("http:", "https:");
        let error = fetch_data(&url).await.unwrap_err();
        let chain = with_causes(&error);
        assert!(chain.contains("received corrupt message of type InvalidContentType"), "{chain}");
    }

    /// As [`fetch_data`] does. The clock is paused once the headers are there: from then on time
    /// passes as soon as nothing happens.
    async fn fetch_a_stalled_body(client: &Client) -> Result<Vec<u8>> {
        let server = Server::start([Answer::ok("{").then_stall()]).unwrap();
        let response = client.get(server.url("/")).send().await?.error_for_status()?;
        tokio::time::pause();
        Ok(response.bytes().await?.into())
    }

    #[tokio::test]
    async fn a_stalled_body_ends_at_the_time_limit() {
        let start = Instant::now();
        let fetched = timeout(A_DAY, fetch_a_stalled_body(&client())).await;
        let error = fetched.unwrap().unwrap_err();
        assert!(error.is_timeout() && !error.is_request(), "{}", with_causes(&error));
        assert!(start.elapsed() >= TIME_LIMIT);
    }

    #[tokio::test]
    async fn without_a_limit_a_stalled_body_is_still_awaited_after_a_day() {
        let client = Client::builder().no_proxy().build().unwrap();
        let start = Instant::now();
        timeout(A_DAY, fetch_a_stalled_body(&client)).await.unwrap_err();
        assert!(start.elapsed() >= A_DAY);
    }

    /// The document's two forms, argument for argument.
    /// Proves G-3.1-2.
    #[tokio::test]
    async fn both_documented_forms_have_one_size_and_one_result() {
        async fn fetch_data(url: &str) -> Result<String> {
            let response = reqwest::get(url).await?;
            let body = response.text().await?;
            Ok(body)
        }
        #[expect(clippy::manual_async_fn, reason = "the document's other form")]
        fn fetch_data_desugared(url: &str) -> impl Future<Output = Result<String>> + '_ {
            async move {
                let response = reqwest::get(url).await?;
                let body = response.text().await?;
                Ok(body)
            }
        }
        let (short, long) = (fetch_data("no url"), fetch_data_desugared("no url"));
        assert_eq!(size_of_val(&short), size_of_val(&long));
        assert_eq!(short.await.unwrap_err().to_string(), long.await.unwrap_err().to_string());
    }

    /// Proves G-3.1-5.
    #[test]
    fn a_failed_fetch_is_told_on_stderr_and_in_the_exit_code() {
        let ended = in_child(Duration::from_secs(60), || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            assert_eq!(runtime.block_on(run("no url")), ExitCode::FAILURE);
        });
        assert!(ended.status.success(), "{ended:#?}");
        let told = "エラー: builder error: relative URL without a base\n";
        assert!(ended.stderr.ends_with(told), "{ended:#?}");
        assert!(!ended.stdout.contains("取得成功"), "{ended:#?}");
    }
}
