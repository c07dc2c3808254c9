//! Guide 3.1 — To reqwest, HTTP 500 is an `Ok` until `error_for_status`.

use reqwest::Result;

#[tokio::main]
pub async fn main() -> Result<()> {
    let base_url = std::env::var("BASE_URL").unwrap_or_else(|_| "https://httpbin.org".to_string());
    let failing = format!("{}/status/500", base_url.trim_end_matches('/'));

    println!("取得成功: {}バイト", as_documented(&failing).await?.len());
    match fetch_data(&failing).await {
        Ok(body) => println!("取得成功: {}バイト", body.len()),
        Err(error) => println!("エラー: {}", error.without_url()),
    }
    Ok(())
}

/// The body of any response, and what is not UTF-8 replaced.
async fn as_documented(url: &str) -> Result<String> {
    reqwest::get(url).await?.text().await
}

async fn fetch_data(url: &str) -> Result<Vec<u8>> {
    let response = reqwest::get(url).await?.error_for_status()?;
    Ok(response.bytes().await?.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use utils::http::{Answer, Server};

    /// Proves G-3.1-4.
    #[tokio::test]
    async fn http_500_is_a_success_until_error_for_status() {
        let answer = Answer::status(500).body("fifteen bytes !");
        let server = Server::start([answer]).unwrap();
        let text = as_documented(&server.url("/")).await.unwrap();
        assert_eq!(text.len(), 15);
        let error = fetch_data(&server.url("/")).await.unwrap_err();
        assert_eq!(error.status().unwrap(), 500);
        assert_eq!(
            error.without_url().to_string(),
            "HTTP status server error (500 Internal Server Error)"
        );
    }

    #[tokio::test]
    async fn text_replaces_what_is_not_utf8_and_so_changes_the_length() {
        let server = Server::start([Answer::ok(&b"\xff\xff!"[..])]).unwrap();
        let text = as_documented(&server.url("/")).await.unwrap();
        assert_eq!(text, "\u{fffd}\u{fffd}!");
        assert_eq!(text.len(), 7);
        let body = fetch_data(&server.url("/")).await.unwrap();
        assert_eq!(body, b"\xff\xff!");
    }
}
