//! SIGTERM and SIGINT: what has begun is ended, within a limit, and nothing else keeps the process.

use crate::support::client::{Held, watch};
use crate::support::service::{adding, signalled_after};
use crate::support::upstream::{Reply, Upstream};
use crate::support::{Setup, limited};
use rustix::process::Signal;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;

/// Without limits that could end what waits: only what ends by itself does.
fn patient() -> Setup {
    Setup::new().with("REQUEST_LIMIT", "1h").with("DRAIN_LIMIT", "1h")
}

#[tokio::test]
async fn sigterm_under_load_answers_every_request_that_has_begun() {
    under_load(Signal::TERM).await;
}

#[tokio::test]
async fn sigint_under_load_answers_every_request_that_has_begun() {
    under_load(Signal::INT).await;
}

/// A link that is stored and not acknowledged is a request that was taken and not answered.
async fn under_load(signal: Signal) {
    let setup = patient();
    let mut service = setup.start().await;
    let mut answered = BTreeSet::new();
    let mut held = Vec::new();
    for n in 0..3 {
        let url = format!("https://held.example/{n}");
        held.push(Held::begin(service.address, &url).await);
        answered.insert(url);
    }
    let (said, mut heard) = unbounded_channel();
    let mut clients = JoinSet::new();
    for client in 0..4 {
        let http = service.client.clone();
        clients.spawn(client_of(http, service.address, client, said.clone()));
    }
    drop(said);
    for _ in 0..40 {
        answered.extend(limited("an answer", heard.recv()).await);
    }

    service.process.signal(signal);
    service.drains().await;
    for held in held {
        assert_eq!(held.finish().await.status, 201);
    }
    limited("the end of the clients", clients.join_all()).await;
    while let Some(url) = heard.recv().await {
        answered.insert(url);
    }
    assert_eq!(service.ended().await, Some(0), "{}", service.log());

    let service = setup.start().await;
    let stored: BTreeSet<String> = service.links().await.into_iter().map(|(_, url)| url).collect();
    assert_eq!(stored, answered);
    service.stop().await;
}

/// Adds links until the service takes no more.
async fn client_of(
    http: reqwest::Client,
    service: SocketAddr,
    n: u32,
    said: UnboundedSender<String>,
) {
    for link in 0.. {
        let url = format!("https://example.com/{n}/{link}");
        let Ok(answer) = adding(&http, service, &url).send().await else { return };
        assert_eq!(answer.status(), 201);
        answer.bytes().await.expect("the answer is whole");
        said.send(url).expect("the test listens");
    }
}

#[tokio::test]
async fn a_stream_ends_cleanly_and_an_idle_connection_keeps_nobody() {
    let mut service = patient().start().await;
    assert_eq!(service.add("https://example.com/").await, 1);
    let mut links = watch(service.address, 0).await;
    let first = limited("a link", links.message()).await.expect("it is there").expect("it is one");
    assert_eq!((first.id, first.url.as_str()), (1, "https://example.com/"));
    let silent = tokio::net::TcpStream::connect(service.address).await.expect("it listens");
    service.process.signal(Signal::TERM);
    assert_eq!(
        limited("the end of the stream", links.message()).await.expect("it is no error"),
        None
    );
    assert_eq!(service.ended().await, Some(0), "{}", service.log());
    drop(silent);
}

#[tokio::test]
async fn a_second_signal_ends_it_at_once() {
    for second in [Signal::TERM, Signal::INT] {
        let mut service = patient().start().await;
        let held = Held::begin(service.address, "https://example.com/").await;
        service.process.signal(Signal::TERM);
        service.drains().await;
        service.process.signal(second);
        assert_eq!(service.ended().await, Some(1));
        assert!(service.log().contains("error: a second signal"), "{}", service.log());
        drop(held);
    }
}

#[tokio::test]
async fn the_limit_of_the_drain_ends_it() {
    let setup = patient().with("DRAIN_LIMIT", "100ms");
    let mut service = setup.start().await;
    let kept = service.add("https://example.com/1").await;
    let held = Held::begin(service.address, "https://example.com/2").await;
    service.process.signal(Signal::TERM);
    assert_eq!(service.ended().await, Some(1));
    assert!(service.log().contains("error: the drain limit"), "{}", service.log());
    drop(held);
    // It has cut off a request, and broken nothing.
    let service = setup.start().await;
    assert_eq!(service.links().await, [(kept, "https://example.com/1".to_string())]);
    service.stop().await;
}

#[tokio::test]
async fn a_check_under_way_does_not_keep_it() {
    let upstream = Upstream::start(&["127.0.0.1"], |_, _| Reply::status(200)).await;
    upstream.hold();
    let setup = patient().with("CHECK_EVERY", "1h").with("CHECK_LIMIT", "1h");
    let mut service = setup.start().await;
    let id = service.add(&upstream.urls[0]).await;
    upstream.until("a check", |seen| seen.at_once() == 1).await;
    service.process.signal(Signal::TERM);
    assert_eq!(service.ended().await, Some(0), "{}", service.log());
    // It was not done, so the next start does it.
    upstream.until("the end of the check", |seen| seen.at_once() == 0).await;
    upstream.release();
    let service = setup.start().await;
    assert_eq!(service.checked(id).await["status"], 200);
    service.stop().await;
}

#[tokio::test]
async fn a_signal_at_any_moment_of_the_start_ends_it() {
    for moment in 0..10 {
        let code = signalled_after(&patient(), Signal::TERM, Duration::from_millis(moment)).await;
        // Before it listens for signals, the system ends it.
        assert!(matches!(code, Some(0) | None), "{moment} ms: {code:?}");
    }
}

#[tokio::test]
async fn a_signal_ends_a_start_that_waits_for_the_database() {
    // It takes connections, and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
    let address = silent.local_addr().expect("it has an address");
    for signal in [Signal::TERM, Signal::INT] {
        let setup = patient().with("DATABASE_URL", format!("postgres://me@{address}/links"));
        let mut process = setup.spawn();
        let _waits = limited("a connection", silent.accept()).await.expect("it is one");
        process.signal(signal);
        assert_eq!(process.ended().await, Some(0), "{}", process.err());
    }
}
