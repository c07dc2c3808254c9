//! Hosts that stall, and have more links than a round of the checker takes.

use crate::checker::{add, once};
use crate::disk::other_connection;
use crate::support::Setup;
use crate::support::upstream::{Reply, Upstream};

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

/// Somebody has set the clock back: the last check is far in the future.
#[tokio::test]
async fn a_check_by_a_clock_that_was_ahead_does_not_count() {
    let upstream = Upstream::start(&["127.0.0.1"], |_, _| Reply::status(200)).await;
    let setup = once();
    let service = setup.start().await;
    let id = service.add(&upstream.urls[0]).await;
    service.checked(id).await;
    service.stop().await;
    let mut database = other_connection(&setup).await;
    let ahead = "UPDATE links SET checked = '2999-12-31T23:59:59.999Z'";
    sqlx::query(ahead).execute(&mut database).await.expect("it is not locked");
    let service = setup.start().await;
    upstream.until("a second check", |seen| seen.requests.len() == 2).await;
    service.stop().await;
}

/// Stores `count` links of each server at once, as a service does one by one.
async fn insert(setup: &Setup, servers: &[&String], count: u32) {
    const MANY: &str = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < $3) \
        INSERT INTO links (url, host, added) \
        SELECT $1 || '/' || n, $2, '2026-12-01T00:00:00.000Z' FROM n";
    let mut database = other_connection(setup).await;
    for server in servers {
        let many = sqlx::query(MANY).bind(server).bind(server.trim_start_matches("http://"));
        many.bind(count).execute(&mut database).await.expect("it is not locked");
    }
}
