//! hyper on tiny-runtime, asked by reqwest, which runs on Tokio.

#[allow(dead_code, reason = "its `main` is for `cargo run --example http`")]
#[path = "../examples/http.rs"]
mod http;

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};
use tiny_runtime::net::TcpListener;
use tiny_runtime::runtime::{Builder, Runtime};

/// The runtime that serves, and the URL. Dropping it ends the server.
fn serve() -> (Runtime, String) {
    let runtime = Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    runtime.spawn(http::serve(listener));
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

#[cfg(unix)] // sends a signal
#[tokio::test]
async fn the_example_says_where_it_serves_and_ends_when_told() {
    use utils::probe::{Child, Signal};
    // This very program, as the example: `cargo run --example` would build it once more.
    let mut this = std::process::Command::new(std::env::current_exe().unwrap());
    let run = ["--exact", "the_example", "--nocapture"];
    let mut example = Child::start(this.args(run).env(AS_THE_EXAMPLE, "1"));
    let line = example.wait_for_line("serving on http://127.0.0.1:");
    let (_, url) = line.split_once("serving on ").unwrap();
    assert_eq!(get(&reqwest::Client::new(), url).await, "/: request 1 of this connection\n");
    // Not Ctrl+C: a shell makes what it starts with `&` ignore that.
    example.signal(Signal::Terminate);
    assert!(!example.end().status.success());
}

const AS_THE_EXAMPLE: &str = "TINY_RUNTIME_HTTP";

/// The other process of the test above; by itself, nothing.
#[test]
fn the_example() {
    if std::env::var_os(AS_THE_EXAMPLE).is_some() {
        http::run("127.0.0.1:0".parse().unwrap()).unwrap();
    }
}
