//! Hosts that stall, and have more links than a round of the checker takes.

use crate::checker::{add, once};
use crate::support::Setup;
use crate::support::upstream::{Reply, Upstream};
use sqlx::{Connection, SqliteConnection};

#[tokio::test]
async fn a_stalled_host_with_thousands_of_links_hides_no_other_host() {
    let stalled = Upstream::start(&["127.0.0.1"], |_, _| Reply::status(204)).await;
    stalled.hold();
    let quick = Upstream::start(&["127.0.0.2"], |_, _| Reply::status(200)).await;
    let setup = once();
    setup.clone().with("CHECK_EVERY", "off").start().await.stop().await;
    insert(&setup, &[&stalled.urls[0]], 3000).await;

    let service = setup.start().await;
    stalled.until("a check", |seen| seen.at_once() == 1).await;
    let id = service.add(&quick.urls[0]).await;
    assert_eq!((id, service.checked(id).await["status"].as_u64()), (3001, Some(200)));
    assert_eq!(stalled.seen().requests.len(), 1, "that host still has its first request");
    service.stop().await;
}

#[tokio::test]
async fn many_stalled_hosts_with_many_links_hide_no_other_host() {
    let hosts: Vec<String> = (1..=50).map(|n| format!("127.0.1.{n}")).collect();
    let hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
    let stalled = Upstream::start(&hosts, |_, _| Reply::status(204)).await;
    stalled.hold();
    let quick = Upstream::start(&["127.0.0.2"], |_, _| Reply::status(200)).await;
    let setup = once().with("CHECKS_AT_ONCE", 60);
    setup.clone().with("CHECK_EVERY", "off").start().await.stop().await;
    // More than a round takes.
    insert(&setup, &stalled.urls.iter().collect::<Vec<_>>(), 60).await;

    let service = setup.start().await;
    stalled.until("a check of each", |seen| seen.at_once() == 50).await;
    let id = service.add(&quick.urls[0]).await;
    assert_eq!((id, service.checked(id).await["status"].as_u64()), (3001, Some(200)));
    service.stop().await;
}

#[tokio::test]
async fn a_stalled_port_hides_no_other_port_of_its_host() {
    let stalled = Upstream::start(&["127.0.0.1"], |_, _| Reply::status(204)).await;
    stalled.hold();
    let quick = Upstream::start(&["127.0.0.1"], |_, _| Reply::status(200)).await;
    let service = once().start().await;
    add(&service, &stalled.urls[0], 100).await;
    let id = service.add(&quick.urls[0]).await;
    assert_eq!(service.checked(id).await["status"], 200);
    service.stop().await;
}

/// Stores `count` links of each server at once, as a service does one by one.
async fn insert(setup: &Setup, servers: &[&String], count: u32) {
    const MANY: &str = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < $3) \
        INSERT INTO links (url, host, added) \
        SELECT $1 || '/' || n, $2, '2026-12-01T00:00:00.000Z' FROM n";
    let url = format!("sqlite:{}", setup.database().display());
    let mut database = SqliteConnection::connect(&url).await.expect("it is a database");
    for server in servers {
        let many = sqlx::query(MANY).bind(server).bind(server.trim_start_matches("http://"));
        many.bind(count).execute(&mut database).await.expect("it is not locked");
    }
}
