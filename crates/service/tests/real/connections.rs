//! Clients that hold a connection and say nothing, or read nothing.

use crate::support::client::watch_on;
use crate::support::{Service, Setup, eventually, limited};
use futures::future::join_all;
use rustix::process::{Resource, Rlimit, Signal};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tonic::transport::Endpoint;

/// Requests have no limit, so that only what the client does ends a connection.
fn patient() -> Setup {
    Setup::new().with("REQUEST_LIMIT", "1h").with("DRAIN_LIMIT", "20s")
}

/// Adds links that make pages of almost `count` times 2 KiB.
async fn fill(service: &Service, count: usize) {
    let long = "x".repeat(1900);
    join_all((0..8).map(|client| {
        let long = &long;
        async move {
            for n in 0..count / 8 {
                service.add(&format!("https://example.com/{client}/{n}/{long}")).await;
            }
        }
    }))
    .await;
}

async fn ends_with_zero(service: &mut Service) {
    service.process.signal(Signal::TERM);
    assert_eq!(service.ended().await, Some(0), "{}", service.log());
}

#[tokio::test]
async fn sigterm_does_not_wait_for_a_stream_whose_client_takes_nothing() {
    let mut service = patient().start().await;
    // More than the window of a stream.
    fill(&service, 80).await;
    let endpoint = Endpoint::from_shared(service.url("")).expect("it is an address");
    let endpoint = endpoint.initial_stream_window_size(65_535);
    let channel = endpoint.connect().await.expect("it listens");
    let mut links = watch_on(channel, 0).await.expect("it answers");
    limited("a link", links.message()).await.expect("it is no error");
    ends_with_zero(&mut service).await;
    drop(links);
}

#[tokio::test]
async fn sigterm_does_not_wait_for_a_client_of_http2_that_is_gone() {
    let mut service = patient().start().await;
    let mut gone = TcpStream::connect(service.address).await.expect("it listens");
    // The preface and empty settings. It answers no ping.
    gone.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.expect("it reads");
    gone.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).await.expect("it reads");
    limited("the settings", gone.read_exact(&mut [0; 9])).await.expect("it speaks HTTP/2");
    ends_with_zero(&mut service).await;
    drop(gone);
}

#[tokio::test]
async fn sigterm_does_not_wait_for_a_client_that_does_not_read_its_answer() {
    let mut service = patient().start().await;
    fill(&service, 1000).await;
    let mut deaf = deaf(service.address).await;
    for _ in 0..8 {
        let request = "GET /links?limit=1000 HTTP/1.1\r\nhost: service\r\n\r\n";
        deaf.write_all(request.as_bytes()).await.expect("the system takes it");
    }
    // One answer fits into the buffers of the system. All do not.
    eventually("an answer", async || {
        let metrics = service.get("/metrics").await.text().await.expect("it is text");
        metrics
            .lines()
            .any(|line| line.starts_with(r#"http_requests_total{method="GET",route="/links""#))
            .then_some(())
    })
    .await;
    ends_with_zero(&mut service).await;
    drop(deaf);
}

/// A client whose system takes little, too.
async fn deaf(address: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("there is a socket");
    socket.set_recv_buffer_size(1024).expect("it may be small");
    socket.connect(address).await.expect("it listens")
}

#[tokio::test]
async fn a_lingering_refusal_does_not_keep_a_short_drain() {
    let mut service = Setup::new().with("DRAIN_LIMIT", "1s").start().await;
    let mut client = TcpStream::connect(service.address).await.expect("it listens");
    let head = "POST /links HTTP/1.1\r\nhost: service\r\ncontent-type: application/json\r\n\
                content-length: 1000000\r\n\r\n";
    client.write_all(head.as_bytes()).await.expect("it reads");
    client.write_all(&[b' '; 20_000]).await.expect("it reads");
    let mut status = [0; 12];
    limited("an answer", client.read_exact(&mut status)).await.expect("it answers");
    assert_eq!(&status, b"HTTP/1.1 413");
    // It stays open, and says nothing more.
    ends_with_zero(&mut service).await;
    drop(client);
}

#[tokio::test]
async fn many_silent_clients_do_not_take_the_files_of_the_others() {
    // What a shell gives by default is 1024, and the hard limit is far higher.
    let setup = patient().through(["prlimit", "--nofile=64:4096"]);
    let service = setup.start().await;
    let limit = rustix::process::prlimit(
        Some(service.process.id()),
        Resource::Nofile,
        Rlimit { current: Some(4096), maximum: Some(4096) },
    );
    assert_eq!(limit.expect("it is ours").current, Some(4096), "it has raised its own");
    let silent = join_all((0..200).map(|_| TcpStream::connect(service.address))).await;
    assert_eq!(service.get("/healthz").await.status(), 200);
    assert!(silent.iter().all(Result::is_ok));
    service.stop().await;
}
