//! Clients that a library does not offer: requests that stop half-way, and bodies without an end. And of gRPC.

use super::limited;
use serde_json::{Value, json};
use service::rpc::proto::links_client::LinksClient;
use service::rpc::proto::{Link, WatchRequest};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tonic::transport::{Channel, Endpoint};
use tonic::{Status, Streaming};

/// A request that the service has begun, and cannot end: half of its body is missing.
pub struct Held {
    stream: TcpStream,
    rest: String,
}

impl Held {
    /// Sends all but the end of a `POST /links`, and waits until the handler asks for its body. From
    /// then on the request is under way, whatever the service does with it.
    pub async fn begin(address: SocketAddr, url: &str) -> Self {
        let mut body = json!({ "url": url }).to_string();
        let rest = body.split_off(body.len() / 2);
        let head = head(body.len() + rest.len());
        let mut stream = TcpStream::connect(address).await.expect("it listens");
        stream.write_all(head.as_bytes()).await.expect("it reads");
        let mut asks = [0; 25];
        limited("100 Continue", stream.read_exact(&mut asks)).await.expect("it asks for the body");
        assert_eq!(String::from_utf8_lossy(&asks), "HTTP/1.1 100 Continue\r\n\r\n");
        stream.write_all(body.as_bytes()).await.expect("it reads");
        Self { stream, rest }
    }

    /// Sends the end, and returns the answer.
    pub async fn finish(mut self) -> Answer {
        self.stream.write_all(self.rest.as_bytes()).await.expect("it reads");
        self.answer().await
    }

    /// Returns the answer to half a body.
    pub async fn answer(mut self) -> Answer {
        let mut text = String::new();
        limited("an answer", self.stream.read_to_string(&mut text)).await.expect("it is UTF-8");
        Answer::parse(&text)
    }
}

fn head(length: usize) -> String {
    format!(
        "POST /links HTTP/1.1\r\nhost: service\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n"
    )
}

/// An answer of HTTP/1.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: String,
}

impl Answer {
    fn parse(text: &str) -> Self {
        let (head, body) =
            text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("a head: {text:?}"));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.unwrap_or_else(|| panic!("a status: {head:?}"));
        Self { status, body: body.to_string() }
    }

    /// What its `{"error":…}` says.
    pub fn error(&self) -> String {
        let body: Value = serde_json::from_str(&self.body).expect("it answers in JSON");
        body["error"].as_str().unwrap_or_else(|| panic!("it has no error: {body}")).to_string()
    }
}

/// Sends bytes as they are on a connection of their own, while it reads. `None` is a connection that
/// ends without an answer.
pub async fn exchange(address: SocketAddr, request: &[u8]) -> Option<Answer> {
    let stream = TcpStream::connect(address).await.expect("it listens");
    let (mut read, mut write) = stream.into_split();
    // A server that has seen enough answers before the end, and closes.
    let sent = async {
        let _ = write.write_all(request).await;
        write
    };
    let mut text = Vec::new();
    let both = async { tokio::join!(sent, read.read_to_end(&mut text)) };
    let _ = limited("the end of the connection", both).await;
    (!text.is_empty()).then(|| Answer::parse(&String::from_utf8_lossy(&text)))
}

/// Opens a stream of the links after a number, on a connection of its own.
pub async fn watch(address: SocketAddr, after: i64) -> Streaming<Link> {
    watch_on(channel(address).await, after).await.expect("it answers")
}

/// Opens a connection for many streams.
pub async fn channel(address: SocketAddr) -> Channel {
    let endpoint = Endpoint::from_shared(format!("http://{address}")).expect("it is an address");
    endpoint.connect().await.expect("it listens")
}

/// Opens a stream on a connection, or says why there is none.
pub async fn watch_on(channel: Channel, after: i64) -> Result<Streaming<Link>, Status> {
    let answer = LinksClient::new(channel).watch(WatchRequest { after }).await;
    answer.map(|answer| answer.into_inner())
}
