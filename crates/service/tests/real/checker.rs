//! The checker, with upstreams that are quick, slow, stalled, broken and dead.

use crate::support::database::Postgres;
use crate::support::upstream::{Reply, Upstream};
use crate::support::{Service, Setup, eventually};
use std::time::Duration;

/// Each link is checked once, when it is new, and nothing but its server ends a check.
pub fn once() -> Setup {
    Setup::new().with("CHECK_EVERY", "1h").with("CHECK_LIMIT", "1h")
}

/// Adds `count` links to a server, and returns their numbers.
pub async fn add(service: &Service, server: &str, count: usize) -> Vec<i64> {
    let mut numbers = Vec::new();
    for n in 0..count {
        numbers.push(service.add(&format!("{server}/{n}")).await);
    }
    numbers
}

#[tokio::test]
async fn a_stalled_host_stalls_neither_the_api_nor_the_checks_of_others() {
    let stalled = Upstream::start(&["127.0.0.1"], |_, _| Reply::status(204)).await;
    stalled.hold();
    let quick = Upstream::start(&["127.0.0.2"], |_, _| Reply::status(200)).await;
    let service = once().with("CHECKS_AT_ONCE", 4).start().await;
    let waiting = add(&service, &stalled.urls[0], 10).await;
    stalled.until("a check", |seen| seen.at_once() == 1).await;

    // From here to its release, that host answers nothing.
    for id in add(&service, &quick.urls[0], 10).await {
        assert_eq!(service.checked(id).await["status"], 200);
    }
    for n in 0..50 {
        service.add(&format!("http://127.0.0.1:9/{n}")).await;
        assert_eq!(service.get("/links/1").await.status(), 200);
    }
    assert!(service.json("/links/1").await.1["checked"].is_null());
    assert_eq!(stalled.seen().at_once(), 1, "a host has one check at a time");

    stalled.release();
    for id in waiting {
        assert_eq!(service.checked(id).await["status"], 204);
    }
    assert_eq!(stalled.seen().most_of_all, 1);
    service.stop().await;
}

#[tokio::test]
async fn no_more_hosts_are_asked_at_once_than_allowed() {
    let hosts: Vec<String> = (1..=6).map(|n| format!("127.0.0.{n}")).collect();
    let hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
    let upstream = Upstream::start(&hosts, |_, _| Reply::status(200)).await;
    upstream.hold();
    let service = once().with("CHECKS_AT_ONCE", 4).start().await;
    let mut all = Vec::new();
    for url in &upstream.urls {
        all.extend(add(&service, url, 3).await);
    }
    upstream.until("as many checks as allowed", |seen| seen.at_once() == 4).await;
    upstream.release();
    for id in all {
        assert_eq!(service.checked(id).await["status"], 200);
    }
    let seen = upstream.seen();
    assert_eq!(seen.most_of_all, 4);
    assert!(seen.most.values().all(|most| *most == 1), "{:?}", seen.most);
    assert_eq!(seen.requests.len(), 18, "each link once");
    service.stop().await;
}

#[tokio::test]
async fn a_fault_that_may_pass_is_asked_again_after_longer_and_longer_waits() {
    let later =
        "HTTP/1.1 429 It\r\nretry-after: 1\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    let upstream = Upstream::start(&["127.0.0.1"], move |path, nth| match (path, nth) {
        ("/passes", 0 | 1) | ("/stays", _) => Reply::status(503),
        ("/breaks", 0) => Reply::Bytes("HTTP/1.1 2".to_string()),
        ("/later", 0) => Reply::Bytes(later.to_string()),
        ("/gone", _) => Reply::status(404),
        _ => Reply::status(200),
    })
    .await;
    let service = once().start().await;
    let (short, long, asked) =
        (Duration::from_millis(200), Duration::from_millis(400), Duration::from_secs(1));
    // The result, and the least wait before each further request.
    let expected: [(&str, u16, &[Duration]); 5] = [
        ("passes", 200, &[short, long]),
        ("stays", 503, &[short, long]),
        ("breaks", 200, &[short]),
        ("later", 200, &[asked]),
        ("gone", 404, &[]),
    ];
    for (path, status, least) in expected {
        let id = service.add(&format!("{}/{path}", upstream.urls[0])).await;
        let checked = service.checked(id).await;
        assert_eq!(checked["status"], status, "{path}: {checked}");
        let times = upstream.seen().times(&format!("/{path}"));
        let waits: Vec<Duration> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert_eq!(waits.len(), least.len(), "{path}");
        // No sleep ends early, so this holds on any machine.
        assert!(waits.iter().zip(least).all(|(wait, least)| wait >= least), "{path}: {waits:?}");
    }
    service.stop().await;
}

#[tokio::test]
async fn a_server_that_is_dead_stalled_or_endless_is_a_result_too() {
    let hosts = ["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"];
    let upstream = Upstream::start(&hosts, |path, _| match path {
        "/silent" => Reply::Stalled(""),
        "/head" => Reply::Stalled("HTTP/1.1 200 It\r\n"),
        "/endless" => Reply::Endless,
        _ => Reply::Bytes("no HTTP at all".to_string()),
    })
    .await;
    let dead = std::net::TcpListener::bind("127.0.0.5:0").expect("there is a free port");
    let dead = format!("http://{}", dead.local_addr().expect("it has an address"));
    let service = once().with("CHECK_LIMIT", "300ms").start().await;
    let url = &upstream.urls;
    let failing = [
        format!("{}/silent", url[0]),
        format!("{}/head", url[1]),
        format!("{}/noise", url[2]),
        dead,
    ];
    let mut failed = Vec::new();
    for url in failing {
        failed.push((service.add(&url).await, url));
    }
    let endless = service.add(&format!("{}/endless", url[3])).await;
    for (id, url) in failed {
        let checked = service.checked(id).await;
        let error = checked["error"].as_str().unwrap_or_else(|| panic!("{url}: {checked}"));
        assert!(!error.is_empty() && checked["status"].is_null(), "{url}: {checked}");
    }
    assert_eq!(service.checked(endless).await["status"], 200);
    let (_, report) = service.json("/admin/report").await;
    let results = [("200", 1), ("error", 4)]
        .map(|(result, links)| serde_json::json!({ "result": result, "links": links }));
    let mut checks = report["checks"].as_array().expect("there are checks").clone();
    checks.sort_by_key(|check| check["result"].to_string());
    assert_eq!(checks, results);
    service.stop().await;
}

/// Its target may be any host, and may be asked at that time.
#[tokio::test]
async fn a_redirect_is_the_result_and_is_not_followed() {
    let upstream = Upstream::start(&["127.0.0.1"], |path, _| match path {
        "/moved" => Reply::Bytes(
            "HTTP/1.1 301 It\r\nlocation: /new\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
                .to_string(),
        ),
        _ => Reply::status(200),
    })
    .await;
    let service = once().start().await;
    let id = service.add(&format!("{}/moved", upstream.urls[0])).await;
    assert_eq!(service.checked(id).await["status"], 301);
    assert_eq!(upstream.seen().requests.len(), 1);
    service.stop().await;
}

#[tokio::test]
async fn a_link_is_checked_again_and_again() {
    is_checked_again(once()).await;
}

#[tokio::test]
async fn a_link_in_postgresql_is_checked_again_and_again() {
    if let Some(server) = Postgres::shared() {
        is_checked_again(server.setup().with("CHECK_LIMIT", "1h")).await;
    }
}

async fn is_checked_again(setup: Setup) {
    let upstream =
        Upstream::start(&["127.0.0.1"], |_, nth| Reply::status(if nth == 0 { 200 } else { 410 }))
            .await;
    let service = setup.with("CHECK_EVERY", "100ms").start().await;
    let link = format!("/links/{}", service.add(&upstream.urls[0]).await);
    eventually("the result of a second check", async || {
        let checked = service.json(&link).await.1["checked"].take();
        (checked["status"] == 410).then_some(())
    })
    .await;
    service.stop().await;
}

#[tokio::test]
async fn a_check_that_a_kill_has_cut_off_is_done_after_the_restart() {
    let upstream = Upstream::start(&["127.0.0.1"], |_, _| Reply::status(200)).await;
    upstream.hold();
    let setup = once();
    let mut service = setup.start().await;
    let id = service.add(&upstream.urls[0]).await;
    upstream.until("a check", |seen| seen.at_once() == 1).await;
    service.process.kill();
    upstream.release();
    let service = setup.start().await;
    assert_eq!(service.checked(id).await["status"], 200);
    service.stop().await;
}
