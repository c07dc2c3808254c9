//! Clients that do what few clients do, and what HTTP allows.

use crate::disk::other_connection;
use crate::support::client::exchange;
use crate::support::service::json_of;
use crate::support::{Setup, eventually, limited};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn requests_that_come_at_once_are_answered_in_their_order() {
    let service = Setup::new().start().await;
    service.add("https://example.com/").await;
    let mut client = TcpStream::connect(service.address).await.expect("it listens");
    let paths = ["/links/1", "/links/2", "/nothing", "/healthz"];
    let requests = paths.map(|path| format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n")).concat();
    let last = "HEAD /links HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    client.write_all((requests + last).as_bytes()).await.expect("it reads");
    let mut text = String::new();
    limited("the answers", client.read_to_string(&mut text)).await.expect("it is UTF-8");
    let heads = text.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]);
    assert_eq!(heads.collect::<Vec<_>>(), ["200", "404", "404", "200", "200"], "{text}");
    service.stop().await;
}

#[tokio::test]
async fn a_client_that_ends_its_half_gets_its_answer() {
    let setup = Setup::new().with("REQUEST_LIMIT", "1h");
    let service = setup.start().await;
    let mut other = other_connection(&setup).await;
    sqlx::query("BEGIN EXCLUSIVE").execute(&mut other).await.expect("nobody else has it");
    let mut client = TcpStream::connect(service.address).await.expect("it listens");
    let body = json!({ "url": "https://example.com/" }).to_string();
    let head = "POST /links HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n";
    let request = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
    client.write_all(request.as_bytes()).await.expect("it reads");
    client.shutdown().await.expect("it is open");
    // Both this one and the one that asks.
    eventually("the request", async || {
        let metrics = service.get("/metrics").await.text().await.expect("it is text");
        metrics.contains("http_requests_running 2\n").then_some(())
    })
    .await;
    sqlx::query("ROLLBACK").execute(&mut other).await.expect("it has begun");
    let mut text = String::new();
    limited("the answer", client.read_to_string(&mut text)).await.expect("it is UTF-8");
    assert!(text.starts_with("HTTP/1.1 201"), "{text:?}");
    service.stop().await;
}

#[tokio::test]
async fn an_odd_request_is_refused_with_a_status_of_the_client() {
    let service = Setup::new().start().await;
    let fields = |name: &str, value: usize| format!("{name}: {}\r\n", "x".repeat(value));
    for (line, rest, statuses) in [
        ("OPTIONS /links", String::new(), &[405][..]),
        ("OPTIONS *", String::new(), &[404, 405]),
        ("CONNECT example.com:443", String::new(), &[404, 405]),
        ("TRACE /links", String::new(), &[405]),
        ("GET http://example.com/links", String::new(), &[200]),
        ("GET /links/%31", String::new(), &[404]),
        ("GET /links/%ff", String::new(), &[404]),
        ("GET //links", String::new(), &[404]),
        ("GET /links?after=%00", String::new(), &[400]),
        ("GET /links", fields("x", 300_000), &[200]),
        ("GET /links", fields("x", 600_000), &[431]),
        ("GET /links", fields("x", 10).repeat(1000), &[431]),
        ("GET /links", "expect: wonders\r\n".into(), &[200]),
    ] {
        let request = format!("{line} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{rest}\r\n");
        let answer = exchange(service.address, request.as_bytes()).await;
        let answer = answer.unwrap_or_else(|| panic!("{line}: no answer"));
        assert!(statuses.contains(&answer.status), "{line}: {answer:?}");
        if answer.status >= 400 && answer.status != 431 {
            assert!(!answer.error().is_empty(), "{line}: {answer:?}");
        }
    }
    assert_eq!(service.add("https://example.com/").await, 1);
    service.stop().await;
}

#[tokio::test]
async fn a_head_is_that_of_the_get_without_its_body() {
    let service = Setup::new().start().await;
    service.add("https://example.com/").await;
    for path in ["/links", "/links/1", "/links/2", "/admin/report", "/healthz", "/readyz"] {
        let head = service.client.head(service.url(path)).send().await.expect("it answers");
        let get = service.get(path).await;
        assert_eq!(head.status(), get.status(), "{path}");
        for name in ["content-length", "content-type"] {
            assert_eq!(head.headers().get(name), get.headers().get(name), "{path}: {name}");
        }
        assert_eq!(head.text().await.expect("it is empty"), "", "{path}");
    }
    service.stop().await;
}

#[tokio::test]
async fn an_address_in_any_script_is_kept_in_the_form_of_the_network() {
    let service = Setup::new().start().await;
    let punycode = "http://xn--r8jz45g.xn--zckzah/%E3%83%91%E3%82%B9?%E9%8D%B5";
    for (sent, kept) in [
        ("http://例え.テスト/パス?鍵", punycode),
        ("http://%E4%BE%8B%E3%81%88.テスト/パス?鍵", punycode),
        ("https://faß.de/", "https://xn--fa-hia.de/"),
        ("HTTP://EXAMPLE.com:80/a/../%7Eb\u{0}\tc", "http://example.com/%7Eb%00c"),
        ("http://a/b c|^`{}\"<>\\d", "http://a/b%20c|^%60%7B%7D%22%3C%3E/d"),
        ("http://[::FFFF:1.2.3.4]/", "http://[::ffff:102:304]/"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
    ] {
        let (status, link) = service.post(sent).await;
        assert!(matches!(status, 200 | 201), "{sent}: {link}");
        assert_eq!(link["url"], kept, "{sent}");
    }
    for refused in [
        "http://a:65536/",
        "http://exa mple/",
        "http://%zz/",
        "http://[::1/",
        "http://256.0.0.1/",
        "http://:pw@a/",
        "http://a%00b/",
        "http://xn--\u{ad}/",
    ] {
        let (status, answer) = service.post(refused).await;
        assert_eq!(status, 422, "{refused}: {answer}");
    }
    let half = service.client.post(service.url("/links")).body(r#"{"url":"http://a/\ud800"}"#);
    let half = half.header("content-type", "application/json").send().await.expect("it answers");
    assert_eq!(json_of(half).await.0, 400);
    assert_eq!(service.json("/links/1").await.1["checked"], Value::Null);
    service.stop().await;
}
