//! `kill -9` at any moment: what was acknowledged is kept, once, under its number.

use crate::support::database::Postgres;
use crate::support::service::adding;
use crate::support::{Service, Setup, limited};
use serde_json::Value;
use sqlx::{Connection, SqliteConnection};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;

/// How many clients add links at the same time.
const CLIENTS: u32 = 4;

#[tokio::test]
async fn fifty_kills_under_load_lose_no_acknowledged_link_and_store_none_twice() {
    let setup = Setup::new();
    let kept = killed(&setup, 50).await;
    // No number is lost with a transaction that is.
    let numbers: Vec<i64> = kept.keys().copied().collect();
    assert_eq!(numbers, (1..=kept.len() as i64).collect::<Vec<_>>());
    let url = format!("sqlite:{}", setup.database().display());
    let mut database = SqliteConnection::connect(&url).await.expect("it is a database");
    let check: String = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_one(&mut database)
        .await
        .expect("it can be read");
    assert_eq!(check, "ok");
}

#[tokio::test]
async fn ten_kills_under_load_lose_nothing_that_postgresql_has() {
    if let Some(server) = Postgres::shared() {
        killed(&server.setup(), 10).await;
    }
}

/// Kills the service so many times under load, some of them before it listens. After each restart it
/// compares what the service has with what the clients were told. Returns all links at the end.
async fn killed(setup: &Setup, times: u32) -> BTreeMap<i64, String> {
    let mut random = Random::seeded();
    let (mut known, mut tried) = (BTreeMap::new(), BTreeSet::new());
    for round in 0..times {
        if round % 5 == 4 {
            let mut process = setup.spawn();
            tokio::time::sleep(random.below(Duration::from_millis(40))).await;
            process.kill();
        }
        let service = setup.start().await;
        compare(&service, &known, &tried).await;
        let (acknowledged, new) =
            load(service, round, random.below(Duration::from_millis(50))).await;
        let before = known.keys().next_back().copied().unwrap_or(0);
        assert!(acknowledged.keys().all(|id| *id > before), "a number is given again: {random:?}");
        known.extend(acknowledged);
        tried.extend(new);
    }
    let service = setup.start().await;
    let links = compare(&service, &known, &tried).await;
    // A client that was told nothing asks again, and its link is there once.
    for url in &tried {
        let (status, _) = service.post(url).await;
        assert!(matches!(status, 200 | 201), "{status}");
    }
    let all = service.links().await;
    let urls: BTreeSet<&String> = all.iter().map(|(_, url)| url).collect();
    assert_eq!((all.len(), urls.len()), (tried.len(), tried.len()));
    service.stop().await;
    links
}

/// Checks that the service has every link that it acknowledged, and no link twice or that nobody sent.
async fn compare(
    service: &Service,
    known: &BTreeMap<i64, String>,
    tried: &BTreeSet<String>,
) -> BTreeMap<i64, String> {
    let links = service.links().await;
    assert!(links.is_sorted_by(|one, next| one.0 < next.0), "each number once, in order");
    let urls: BTreeSet<&String> = links.iter().map(|(_, url)| url).collect();
    assert_eq!(urls.len(), links.len(), "a link is there twice");
    assert!(links.iter().all(|(_, url)| tried.contains(url)), "a link that nobody has sent");
    let links: BTreeMap<i64, String> = links.into_iter().collect();
    for (id, url) in known {
        assert_eq!(links.get(id), Some(url), "link {id} was acknowledged");
    }
    links
}

/// Adds links until the service is killed, `moment` after some of them are acknowledged. Returns
/// those that were, and all that were sent.
async fn load(
    mut service: Service,
    round: u32,
    moment: Duration,
) -> (BTreeMap<i64, String>, BTreeSet<String>) {
    let (said, mut heard) = unbounded_channel();
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let (address, http) = (service.address, service.client.clone());
        clients.spawn(client_of(http, address, format!("{round}/{client}"), said.clone()));
    }
    drop(said);
    let mut acknowledged = BTreeMap::new();
    for _ in 0..=round % 10 {
        acknowledged.extend(limited("an acknowledged link", heard.recv()).await);
    }
    tokio::time::sleep(moment).await;
    service.process.kill();
    let sent = limited("the end of the clients", clients.join_all()).await;
    while let Some((id, url)) = heard.recv().await {
        assert_eq!(acknowledged.insert(id, url), None, "number {id} is given twice");
    }
    (acknowledged, sent.into_iter().flatten().collect())
}

/// Sends one link after the other, until one is not answered. Returns all that it has sent.
async fn client_of(
    http: reqwest::Client,
    service: SocketAddr,
    name: String,
    said: UnboundedSender<(i64, String)>,
) -> Vec<String> {
    let mut sent = Vec::new();
    loop {
        let url = format!("https://example.com/{name}/{}", sent.len());
        sent.push(url.clone());
        let Ok(answer) = adding(&http, service, &url).send().await else { return sent };
        assert_eq!(answer.status(), 201);
        let Ok(text) = answer.text().await else { return sent };
        let link: Value = serde_json::from_str(&text).expect("it is whole, so it is JSON");
        let id = link["id"].as_i64().expect("it has a number");
        said.send((id, url)).expect("the test listens");
    }
}

/// Xorshift. The same moments in each run; others with `SERVICE_SEED`, a number.
#[derive(Debug)]
struct Random {
    #[expect(dead_code, reason = "a test that fails prints it")]
    seed: u64,
    state: u64,
}

impl Random {
    fn seeded() -> Self {
        let given = std::env::var("SERVICE_SEED").ok();
        let seed = given.map_or(20_261_201, |seed| seed.parse().expect("SERVICE_SEED is a number"));
        Self { seed, state: seed | 1 }
    }

    fn below(&mut self, limit: Duration) -> Duration {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        limit.mul_f64((self.state % 1000) as f64 / 1000.0)
    }
}
