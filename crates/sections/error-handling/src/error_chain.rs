//! Guide 7.1 — `{}` prints the outermost link of a chain of errors; `{:#}` prints all links.

use anyhow::{Context, Result};
use std::io::{Read, Write};
use std::net::TcpListener;

/// Fails before any request, so the same words come on every machine.
const NO_URL: &str = "/get";

#[tokio::main]
pub async fn main() -> Result<()> {
    if let Err(error) = fetch_api(NO_URL).await {
        println!("{{}}    {error}");
        println!("{{:#}}  {error:#}");
        // `{:?}` is for reports: a line for each link, and a backtrace where RUST_BACKTRACE asks.
        println!("links {}", error.chain().len());
    }
    // All links of this one name a port, which is another in each run.
    if let Err(error) = fetch_api(&server_that_breaks_off()?).await {
        println!("{{}}    {error}");
    }
    Ok(())
}

/// Each `context` becomes a new first link.
async fn fetch_api(url: &str) -> Result<String> {
    let response = reqwest::get(url).await;
    let response = response.with_context(|| format!("HTTP リクエスト失敗: {url}"))?;
    let body = response.text().await;
    body.context("レスポンスボディの読み取り失敗")
}

/// Promises a body of ten bytes and sends four. Returns its address.
fn server_that_breaks_off() -> std::io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}/", listener.local_addr()?);
    std::thread::spawn(move || {
        let (mut client, _) = listener.accept()?;
        // The whole request: what is left unread would make the end a reset.
        let _ = client.read(&mut [0; 1024])?;
        client.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf")
    });
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::backtrace::BacktraceStatus;
    use std::io;
    use std::process::Command;
    use utils::probe::Child;

    /// Nobody can listen on port 0, so whoever connects to it is refused.
    const REFUSING: &str = "http://127.0.0.1:0/";

    /// Proves G-7.1-3.
    #[tokio::test]
    async fn display_is_the_outermost_link_and_the_alternate_form_is_all_of_them() {
        let error = fetch_api(NO_URL).await.unwrap_err();
        assert_eq!(error.to_string(), "HTTP リクエスト失敗: /get");
        assert_eq!(
            format!("{error:#}"),
            "HTTP リクエスト失敗: /get: builder error: relative URL without a base"
        );
        assert_eq!(error.chain().len(), 3);
    }

    /// The system's own words at the end differ from one system to the next; the type does not.
    /// Proves G-7.1-3.
    #[tokio::test]
    async fn a_refused_connection_has_five_links_and_ends_with_an_io_error() {
        let error = fetch_api(REFUSING).await.unwrap_err();
        let links: Vec<_> = error.chain().map(ToString::to_string).collect();
        assert_eq!(
            links[..4],
            [
                "HTTP リクエスト失敗: http://127.0.0.1:0/",
                "error sending request for url (http://127.0.0.1:0/)",
                "client error (Connect)",
                "tcp connect error",
            ]
        );
        assert_eq!(links.len(), 5);
        assert!(error.root_cause().is::<io::Error>());
    }

    /// Proves G-7.1-4.
    #[tokio::test]
    async fn a_body_that_breaks_off_is_a_failure_to_read_it() {
        let error = fetch_api(&server_that_breaks_off().unwrap()).await.unwrap_err();
        assert_eq!(error.to_string(), "レスポンスボディの読み取り失敗");
        assert!(error.downcast_ref::<reqwest::Error>().unwrap().is_decode());
    }

    /// Runs itself once more with a backtrace and once more without, whatever the environment.
    #[tokio::test]
    async fn only_debug_prints_a_backtrace_and_only_on_demand() {
        const SWITCH: &str = "RUST_LIB_BACKTRACE";
        const CHILD: &str = "ERROR_CHAIN_CHILD";
        if std::env::var_os(CHILD).is_none() {
            let this = "error_chain::tests::only_debug_prints_a_backtrace_and_only_on_demand";
            for switch in ["0", "1"] {
                let mut command = Command::new(std::env::current_exe().unwrap());
                command.args([this, "--exact"]).env(CHILD, "").env(SWITCH, switch);
                let ended = Child::start(&mut command).end();
                assert!(ended.status.success(), "{switch}: {ended:#?}");
                assert!(ended.stdout.contains("1 passed"), "{ended:#?}");
            }
            return;
        }
        let asked = std::env::var(SWITCH).unwrap() == "1";
        let error = fetch_api(NO_URL).await.unwrap_err();
        let captured = error.backtrace().status() == BacktraceStatus::Captured;
        assert_eq!(captured, asked);

        let debug = format!("{error:?}");
        let report = "HTTP リクエスト失敗: /get\n\n\
                      Caused by:\n    0: builder error\n    1: relative URL without a base";
        match asked {
            true => assert!(debug.starts_with(&format!("{report}\n\nStack backtrace:\n"))),
            false => assert_eq!(debug, report),
        }
        assert!(!format!("{error} {error:#}").contains("backtrace"));
    }
}
