//! What the layers cost: the same requests to the same handlers, with all layers and with none.
//!
//! `cargo run --release --example load -- [REQUESTS]`: on this machine alone, a minute at most.

use service::metrics::Metrics;
use service::settings::Settings;
use service::store::Store;
use service::{api, checker, layers, server};
use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How many clients ask at the same time, each for one thing after the other.
const CLIENTS: usize = 16;

/// How often both are measured, in turn: a machine that slows down slows both.
const ROUNDS: usize = 3;

/// For one measurement. What does not fit into it is not sent.
const LIMIT: Duration = Duration::from_secs(3);

#[derive(Clone, Copy)]
enum Kind {
    Read,
    Write,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let requests = match arguments.as_slice() {
        [] => Some(10_000),
        [number] => number.parse().ok().filter(|number| (1..=1_000_000).contains(number)),
        _ => None,
    };
    let Some(requests) = requests else {
        eprintln!("error: allowed is one argument, a number of requests from 1 to 1000000");
        return ExitCode::from(2);
    };
    println!(
        "{CLIENTS} clients, at most {requests} requests, the median of {ROUNDS} rounds in turn:\n"
    );
    println!("| request | layers | requests a second | p50 in µs | p99 in µs | as with none |");
    println!("| --- | --- | ---: | ---: | ---: | ---: |");
    for (kind, name) in [(Kind::Read, "GET /links/1"), (Kind::Write, "POST /links")] {
        let (mut none, mut all) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            none.push(measure(kind, requests, false).await);
            all.push(measure(kind, requests, true).await);
        }
        let (none, all) = (median(none), median(all));
        none.print(name, "none", none);
        all.print(name, "all", none);
    }
    ExitCode::SUCCESS
}

/// What one measurement gives.
#[derive(Clone, Copy)]
struct Load {
    a_second: f64,
    p50: Duration,
    p99: Duration,
}

impl Load {
    fn print(self, request: &str, layers: &str, none: Self) {
        let Self { a_second, p50, p99 } = self;
        let (p50, p99, share) = (p50.as_micros(), p99.as_micros(), a_second / none.a_second);
        println!("| `{request}` | {layers} | {a_second:.0} | {p50} | {p99} | {share:.2} |");
    }
}

fn median(mut loads: Vec<Load>) -> Load {
    loads.sort_by(|one, other| one.a_second.total_cmp(&other.a_second));
    loads[loads.len() / 2]
}

/// Serves a database of its own, and asks.
async fn measure(kind: Kind, requests: usize, with_layers: bool) -> Load {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let url = OsString::from(format!("sqlite:{}/links.db", folder.path().display()));
    let settings = Settings::read(&|name| (name == "DATABASE_URL").then(|| url.clone()));
    let settings = settings.expect("nothing else is set");
    let store = Store::open(&settings.database).await.expect("it can be opened");
    let mut router = api::router(store.clone());
    if with_layers {
        let metrics = Metrics::default();
        router = layers::observed(layers::limited(router, &settings, &metrics), metrics);
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
    let address = listener.local_addr().expect("it has an address");
    let server = tokio::spawn(async move {
        let mut connections = JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            connections.spawn(server::serve(stream, CancellationToken::new(), router.clone()));
        }
    });
    let load = ask(kind, requests, format!("http://{address}")).await;
    server.abort();
    store.close().await;
    load
}

/// Sends the requests by all clients, which take them one by one.
async fn ask(kind: Kind, requests: usize, server: String) -> Load {
    let http = checker::client(true).expect("it can be made");
    send(&http, Kind::Write, &server, 0).await;
    let (left, start) = (Arc::new(AtomicUsize::new(requests)), Instant::now());
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        let (http, server, left) = (http.clone(), server.clone(), Arc::clone(&left));
        clients.spawn(async move {
            let mut times = Vec::new();
            let take =
                || left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1));
            while start.elapsed() < LIMIT
                && let Ok(n) = take()
            {
                let begin = Instant::now();
                send(&http, kind, &server, n).await;
                times.push(begin.elapsed());
            }
            times
        });
    }
    let mut times = clients.join_all().await.concat();
    let a_second = times.len() as f64 / start.elapsed().as_secs_f64();
    times.sort();
    Load { a_second, p50: times[times.len() / 2], p99: times[times.len() * 99 / 100] }
}

async fn send(http: &reqwest::Client, kind: Kind, server: &str, n: usize) {
    let request = match kind {
        Kind::Read => http.get(format!("{server}/links/1")),
        Kind::Write => {
            let link = format!(r#"{{"url":"https://example.com/{n}"}}"#);
            let request = http.post(format!("{server}/links")).body(link);
            request.header("content-type", "application/json")
        }
    };
    let answer = request.send().await.expect("it answers");
    assert!(answer.status().is_success(), "{answer:?}");
    answer.bytes().await.expect("the answer is whole");
}
