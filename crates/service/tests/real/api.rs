//! What the API answers, on both databases.

use crate::support::Setup;
use crate::support::database::Postgres;
use crate::support::service::json_of;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Each test once with SQLite, and once with a real server of PostgreSQL, where there is one.
macro_rules! on_both_databases {
    ($($test:ident)*) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $test() {
                super::$test(super::Setup::new()).await;
            })*
        }
        mod postgres {
            $(#[tokio::test]
            async fn $test() {
                if let Some(server) = super::Postgres::shared() {
                    super::$test(server.setup()).await;
                }
            })*
        }
    };
}

on_both_databases! {
    a_link_is_kept_once_under_one_number
    pages_have_every_link_in_order
    the_same_url_from_many_clients_is_one_link
    a_body_that_is_wrong_is_refused_and_nothing_is_kept
    a_path_that_is_wrong_is_refused
    the_longest_address_is_kept_and_a_longer_one_is_not
    the_report_counts_links_of_each_host
    a_restart_keeps_every_link_and_goes_on_counting
}

async fn a_link_is_kept_once_under_one_number(setup: Setup) {
    let service = setup.start().await;
    let url = "https://example.com/a?b=c#d";

    let answer = service.adding(url).send().await.expect("it answers");
    assert_eq!(answer.status(), 201);
    assert_eq!(answer.headers()["location"], "/links/1");
    let (_, new) = json_of(answer).await;
    assert_eq!((&new["id"], &new["url"]), (&json!(1), &json!(url)));

    let (status, again) = service.post(url).await;
    assert_eq!((status, &again["id"], &again["added"]), (200, &json!(1), &new["added"]));
    let (status, kept) = service.json("/links/1").await;
    assert_eq!((status, &kept["url"], &kept["added"]), (200, &json!(url), &new["added"]));
    assert_eq!(kept["checked"], Value::Null);
    assert_eq!(service.links().await, [(1, url.to_string())]);
    service.stop().await;
}

async fn pages_have_every_link_in_order(setup: Setup) {
    let service = setup.start().await;
    let urls: Vec<String> = (0..25).map(|n| format!("https://example.com/{n}")).collect();
    for url in &urls {
        service.add(url).await;
    }
    let mut pages = Vec::new();
    let mut next = json!(0);
    while let Some(after) = next.as_i64() {
        let (status, page) = service.json(&format!("/links?after={after}&limit=10")).await;
        assert_eq!(status, 200, "{page}");
        pages.push(page["links"].as_array().expect("there are links").clone());
        next = page["next"].clone();
    }
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [10, 10, 5]);
    let seen: Vec<&str> =
        pages.iter().flatten().map(|link| link["url"].as_str().unwrap()).collect();
    assert_eq!(seen, urls);
    let (_, end) = service.json("/links?after=1000000").await;
    assert_eq!(end, json!({ "links": [], "next": null }));
    service.stop().await;
}

async fn the_same_url_from_many_clients_is_one_link(setup: Setup) {
    let service = setup.start().await;
    let answers =
        futures::future::join_all((0..16).map(|_| service.post("https://example.com/"))).await;
    let created = answers.iter().filter(|(status, _)| *status == 201).count();
    let known = answers.iter().filter(|(status, _)| *status == 200).count();
    assert_eq!((created, known), (1, 15), "{answers:?}");
    let numbers: BTreeSet<i64> =
        answers.iter().map(|(_, link)| link["id"].as_i64().unwrap()).collect();
    assert_eq!(numbers.len(), 1);
    assert_eq!(service.links().await.len(), 1);
    service.stop().await;
}

async fn a_body_that_is_wrong_is_refused_and_nothing_is_kept(setup: Setup) {
    let service = setup.start().await;
    let send = async |body: &'static [u8]| {
        let request = service.client.post(service.url("/links")).body(body);
        let request = request.header("content-type", "application/json");
        let (status, body) = json_of(request.send().await.expect("it answers")).await;
        (status, body["error"].as_str().expect("it says why").to_string())
    };
    let deep: &'static [u8] = "[".repeat(10_000).leak().as_bytes();
    let malformed: [&[u8]; 7] =
        [b"", b"{", b"{\"url\":\"https://a.b\"", b"\xff", b"[[]]", b"[\"https://a.b\"]", deep];
    for body in malformed {
        let (status, error) = send(body).await;
        assert!(matches!(status, 400 | 422), "{status}: {error}");
        assert!(!error.is_empty());
    }
    let plain = service.client.post(service.url("/links")).body("{\"url\":\"http://a.b/\"}");
    let (status, answer) = json_of(plain.send().await.expect("it answers")).await;
    assert_eq!(status, 415, "{answer}");
    assert!(answer["error"].as_str().is_some_and(|it| it.contains("application/json")), "{answer}");
    for url in ["", "a", "ftp://example.com/", "javascript:alert(1)", "http://", "//x"] {
        let (status, link) = service.post(url).await;
        assert_eq!(status, 422, "{url}: {link}");
        let error = link["error"].as_str().expect("it says why");
        assert!(error.contains("http"), "it says what is allowed: {error}");
    }
    assert!(service.links().await.is_empty());
    service.stop().await;
}

async fn a_path_that_is_wrong_is_refused(setup: Setup) {
    let service = setup.start().await;
    for path in ["/links/0", "/links/2", "/links/-1", "/links/9223372036854775807"] {
        assert_eq!(service.json(path).await.0, 404, "{path}");
    }
    for after in [i64::MIN, -1, i64::MAX] {
        let (status, page) = service.json(&format!("/links?after={after}&limit=1000")).await;
        assert_eq!((status, page), (200, json!({ "links": [], "next": null })), "{after}");
    }
    for path in ["/links/a", "/links/9223372036854775808"] {
        let (status, answer) = service.json(path).await;
        assert!(matches!(status, 400 | 404), "{path}: {status}");
        assert!(answer["error"].is_string(), "{answer}");
    }
    for query in [
        "after=x",
        "after=9223372036854775808",
        "after=1&after=2",
        "limit=-1",
        "limit=0",
        "limit=x",
        "limit=1001",
        "limit=4294967295",
        "limit=18446744073709551616",
        "offset=1",
    ] {
        let path = format!("/links?{query}");
        let (status, answer) = service.json(&path).await;
        assert_eq!(status, 400, "{path}: {answer}");
        assert!(answer["error"].is_string(), "{answer}");
    }
    assert_eq!(service.get("/nothing").await.status(), 404);
    assert_eq!(service.client.delete(service.url("/links")).send().await.unwrap().status(), 405);
    service.stop().await;
}

/// As it is stored, with three bytes for each one outside of ASCII.
async fn the_longest_address_is_kept_and_a_longer_one_is_not(setup: Setup) {
    let service = setup.start().await;
    let url = |n| format!("https://example.com/{}", "é".repeat(n));
    let (status, link) = service.post(&url(339)).await;
    assert_eq!(status, 422, "{link}");
    service.add(&url(338)).await;
    assert_eq!(service.links().await[0].1.len(), 2048);
    service.stop().await;
}

async fn the_report_counts_links_of_each_host(setup: Setup) {
    let service = setup.start().await;
    for path in ["a", "b", "c"] {
        service.add(&format!("https://three.example/{path}")).await;
    }
    service.add("https://one.example/").await;
    let (status, report) = service.json("/admin/report").await;
    assert_eq!(status, 200, "{report}");
    let hosts = json!([
        { "host": "three.example", "links": 3 },
        { "host": "one.example", "links": 1 },
    ]);
    assert_eq!(report["hosts"], hosts);
    assert_eq!(report["checks"], json!([{ "result": "never", "links": 4 }]));
    service.stop().await;
}

async fn a_restart_keeps_every_link_and_goes_on_counting(setup: Setup) {
    let first = setup.start().await;
    assert_eq!(first.add("https://example.com/1").await, 1);
    first.stop().await;
    let second = setup.start().await;
    assert_eq!(second.post("https://example.com/1").await.0, 200);
    assert!(second.add("https://example.com/2").await > 1);
    assert_eq!(second.links().await.len(), 2);
    second.stop().await;
}

#[tokio::test]
async fn a_request_has_the_number_that_it_brings_or_a_new_one() {
    let service = Setup::new().start().await;
    let request = service.client.get(service.url("/links")).header("x-request-id", "mine");
    assert_eq!(request.send().await.expect("it answers").headers()["x-request-id"], "mine");
    let mut numbers = BTreeSet::new();
    for path in ["/links", "/links", "/nothing"] {
        let answer = service.get(path).await;
        numbers.insert(answer.headers()["x-request-id"].to_str().expect("it is text").to_string());
    }
    assert_eq!(numbers.len(), 3);
    service.stop().await;
}
