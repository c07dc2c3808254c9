//! Guide 7.2 — A server that never answers costs the whole limit: 30 s, which a paused clock skips.

use reqwest::Client;
use std::net::TcpListener;
use thiserror::Error;
use tokio::time::{Duration, Instant, timeout};

/// Nothing else is to be done while it waits, so the paused clock moves to the limit at once.
#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn main() -> Result<(), std::io::Error> {
    // Connections wait in its backlog: it never accepts one.
    let silent = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}/", silent.local_addr()?);
    let (client, start) = (Client::new(), Instant::now());
    if let Err(error) = call_service(&client, &url, Duration::from_secs(30)).await {
        println!("{error}");
    }
    println!("waited for {:?}", start.elapsed());
    Ok(())
}

#[derive(Debug, Error)]
enum ServiceError {
    #[error("ネットワークエラー")]
    Network(#[from] reqwest::Error),
    #[error("タイムアウト: {}秒超過", .0.as_secs())]
    Timeout(Duration),
}

async fn call_service(client: &Client, url: &str, limit: Duration) -> Result<String, ServiceError> {
    let exchange = async { Ok(client.get(url).send().await?.text().await?) };
    timeout(limit, exchange).await.unwrap_or(Err(ServiceError::Timeout(limit)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use utils::http::{Answer, Server};

    /// Proves G-7.2-3.
    #[tokio::test(start_paused = true)]
    async fn it_costs_exactly_the_limit() {
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", silent.local_addr().unwrap());
        let (client, start) = (Client::new(), Instant::now());
        let error = call_service(&client, &url, Duration::from_secs(30)).await.unwrap_err();
        assert_eq!(error.to_string(), "タイムアウト: 30秒超過");
        assert_eq!(start.elapsed(), Duration::from_secs(30));
    }

    #[tokio::test]
    async fn an_answer_in_time_is_the_body() {
        let server = Server::start([Answer::ok("本文")]).unwrap();
        let body = call_service(&Client::new(), &server.url("/"), Duration::from_secs(60)).await;
        assert_eq!(body.unwrap(), "本文");
    }
}
