//! hyper on tiny-runtime, asked by reqwest, which runs on Tokio.

#[allow(dead_code, reason = "its `main` is for `cargo run --example http`")]
#[path = "../../examples/http.rs"]
mod http;
#[cfg(unix)]
mod signals;

use futures::channel::oneshot;
use std::collections::BTreeSet;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};
use tiny_runtime::net::TcpListener;
use tiny_runtime::runtime::{Builder, Runtime};

/// The runtime that serves, and the URL. Dropping it ends the server.
fn serve() -> (Runtime, String) {
    let runtime = Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    runtime.spawn(http::serve(listener, 1_000, std::future::pending()));
    (runtime, url)
}

fn connect(url: &str) -> TcpStream {
    TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap()
}

async fn get(client: &reqwest::Client, url: &str) -> String {
    let response = client.get(url).send().await.unwrap().error_for_status().unwrap();
    response.text().await.unwrap()
}

#[tokio::test]
async fn a_hundred_requests_share_one_connection() {
    let (_runtime, url) = serve();
    let client = reqwest::Client::new();
    for number in 1..=100 {
        let expected = format!("/a: request {number} of this connection\n");
        assert_eq!(get(&client, &format!("{url}/a")).await, expected);
    }
}

#[tokio::test]
async fn a_hundred_requests_at_once_are_all_answered_each_with_its_own() {
    let (_runtime, url) = serve();
    let client = reqwest::Client::new();
    let mut requests = tokio::task::JoinSet::new();
    for number in 0..100 {
        let (client, url) = (client.clone(), format!("{url}/{number}"));
        requests.spawn(async move { (number, get(&client, &url).await) });
    }
    let mut answered = BTreeSet::new();
    for (number, text) in requests.join_all().await {
        assert!(text.starts_with(&format!("/{number}: ")), "{number} got {text}");
        answered.insert(number);
    }
    assert_eq!(answered.len(), 100);
}

#[tokio::test]
async fn a_hundred_slow_answers_wait_together() {
    let (_runtime, url) = serve();
    let client = reqwest::Client::new();
    let start = Instant::now();
    let mut requests = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let (client, url) = (client.clone(), format!("{url}/slow"));
        requests.spawn(async move { get(&client, &url).await });
    }
    requests.join_all().await;
    // One after the other they take 10 s.
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[tokio::test]
async fn what_is_no_http_harms_nobody_else() {
    let (_runtime, url) = serve();
    let mut stranger = connect(&url);
    stranger.write_all(b"\0\0 is this the library?\r\n\r\n").unwrap();
    let mut answer = String::new();
    stranger.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert_eq!(get(&reqwest::Client::new(), &url).await, "/: request 1 of this connection\n");
}

#[test]
fn the_end_of_the_runtime_hangs_up_on_who_is_still_connected() {
    let (runtime, url) = serve();
    let mut client = connect(&url);
    client.write_all(b"GET / HTTP/1.1\r\nHost: tiny\r\n\r\n").unwrap();
    client.read_exact(&mut [0; 12]).unwrap();
    drop(runtime);
    client.read_to_end(&mut Vec::new()).unwrap();
}

/// One request after the other, on one connection.
fn ask(client: &mut TcpStream, path: &str) {
    write!(client, "GET {path} HTTP/1.1\r\nHost: tiny\r\n\r\n").unwrap();
}

/// Up to the end of the next answer's body, which ends the only line without a carriage return.
fn answered(client: &mut TcpStream) -> String {
    // Only a server that forgets the client lets this pass.
    client.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b" of this connection\n") {
        let mut byte = [0];
        client.read_exact(&mut byte).unwrap();
        answer.push(byte[0]);
    }
    String::from_utf8(answer).unwrap()
}

fn hung_up(client: &mut TcpStream) {
    client.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    match client.read_to_end(&mut Vec::new()) {
        Ok(_) => {}
        Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset),
    }
}

/// On a clock that jumps when all wait, so that the test takes no 30 s.
#[test]
fn forty_half_sent_headers_are_hung_up_on_after_30_s() {
    let runtime = Builder::new_current_thread().start_paused(true).build().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (end, ended) = oneshot::channel();
    let clients = std::thread::spawn(move || {
        let mut clients: Vec<_> = (0..40).map(|_| connect(&url)).collect();
        for client in &mut clients {
            // The server may have given up already: its clock has nothing else to wait for.
            let _ = client.write_all(b"GET / HTTP/1.1\r\nHo");
        }
        clients.iter_mut().for_each(hung_up);
        end.send(()).unwrap();
    });
    let took = runtime.block_on(async {
        let start = tiny_runtime::time::Instant::now();
        http::serve(listener, 1_000, async { ended.await.unwrap() }).await;
        start.elapsed()
    });
    clients.join().unwrap();
    assert!(took >= http::HEADER_LIMIT, "{took:?}");
    assert_eq!(http::HEADER_LIMIT, Duration::from_secs(30));
}

#[test]
fn a_client_beyond_the_limit_waits_for_a_place() {
    let runtime = Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    runtime.spawn(http::serve(listener, 2, std::future::pending()));
    let mut placed = [connect(&url), connect(&url)];
    for client in &mut placed {
        ask(client, "/");
        answered(client);
    }
    let mut waiting = connect(&url);
    ask(&mut waiting, "/");
    waiting.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    let early = waiting.read(&mut [0]).unwrap_err().kind();
    assert!(matches!(early, ErrorKind::WouldBlock | ErrorKind::TimedOut), "{early}");
    drop(placed);
    assert!(answered(&mut waiting).starts_with("HTTP/1.1 200 OK"));
}

/// A connection that is amid a request gets its answer, and is told that it is the last.
#[test]
fn the_end_of_the_server_waits_for_requests_and_hangs_up_on_the_idle() {
    let runtime = Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (end, ended) = oneshot::channel();
    let server = runtime.spawn(http::serve(listener, 1_000, async { ended.await.unwrap() }));
    let [mut busy, mut idle] = [connect(&url), connect(&url)];
    for client in [&mut busy, &mut idle] {
        ask(client, "/");
        answered(client);
    }
    ask(&mut busy, "/slow");
    end.send(()).unwrap();
    assert!(answered(&mut busy).contains("\r\nconnection: close\r\n"));
    hung_up(&mut busy);
    hung_up(&mut idle);
    assert_eq!(runtime.block_on(server).unwrap(), 0);
    let refused = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
}

/// Half a header is not waited for any longer. On a clock that jumps when all wait.
#[test]
fn what_is_still_open_10_s_after_the_end_is_cut_off_and_counted() {
    let runtime = Builder::new_current_thread().start_paused(true).build().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    // It is all there before the server runs: the clock does not jump past what it can read.
    let mut client = connect(&format!("http://{}", listener.local_addr().unwrap()));
    client.write_all(b"GET / HTTP/1.1\r\nHo").unwrap();
    let (left, took) = runtime.block_on(async {
        let start = tiny_runtime::time::Instant::now();
        let second = tiny_runtime::time::sleep(Duration::from_secs(1));
        (http::serve(listener, 1_000, second).await, start.elapsed())
    });
    hung_up(&mut client);
    assert_eq!((left, took), (1, Duration::from_secs(1 + 10)));
}

const AS_THE_EXAMPLE: &str = "TINY_RUNTIME_HTTP";

/// The other process of the test above; by itself, nothing.
#[test]
fn the_example() {
    if std::env::var_os(AS_THE_EXAMPLE).is_some() {
        http::run("127.0.0.1:0".parse().unwrap()).unwrap();
    }
}
