//! Bytes that are no HTTP, bodies that are too large, and curl.

use crate::support::client::exchange;
use crate::support::process::Process;
use crate::support::{Setup, skipped};
use serde_json::json;
use std::process::Command;

#[tokio::test]
async fn bytes_that_are_no_http_end_their_connection_alone() {
    let service = Setup::new().start().await;
    for bytes in [b"\x16\x03\x01\x02\x00\x01\x00\x01".as_slice(), b"GET\r\n\r\n", &[0; 4096]] {
        let answer = exchange(service.address, bytes).await;
        assert!(answer.as_ref().is_none_or(|it| it.status == 400), "{answer:?}");
    }
    let endless = [b"GET / HTTP/1.1\r\nx: ".as_slice(), &vec![b'x'; 1_000_000]].concat();
    let answer = exchange(service.address, &endless).await;
    assert!(answer.as_ref().is_none_or(|it| matches!(it.status, 400 | 431)), "{answer:?}");
    assert_eq!(service.add("https://example.com/").await, 1);
    service.stop().await;
}

#[tokio::test]
async fn curl_gets_the_answers_that_the_readme_shows() {
    let service = Setup::new().start().await;
    let curl = async |arguments: &[&str], path: &str| {
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--show-error", "--max-time", "30", "--write-out", " %{http_code}"]);
        let mut curl = Process::spawn(curl.args(arguments).arg(service.url(path))).ok()?;
        assert_eq!(curl.ended().await, Some(0), "{}", curl.err());
        Some(curl.out().trim_end().to_string())
    };
    let json = "content-type: application/json";
    let body = r#"{"url":"https://www.rust-lang.org/"}"#;
    let Some(created) = curl(&["--header", json, "--data", body], "/links").await else {
        return skipped("there is no curl here");
    };
    assert!(created.contains(r#""url":"https://www.rust-lang.org/""#), "{created}");
    assert!(created.ends_with(" 201"), "{created}");
    for version in ["--http1.1", "--http2-prior-knowledge"] {
        let kept = curl(&[version], "/links/1").await.expect("there is curl");
        assert!(kept.starts_with(r#"{"id":1,"#) && kept.ends_with(" 200"), "{version}: {kept}");
    }
    // Of a real file, and with a client that waits for `100 Continue`.
    let large = tempfile::NamedTempFile::new().expect("there is room for a file");
    large.as_file().set_len(100 << 20).expect("it may be sparse");
    let file = format!("@{}", large.path().display());
    let refused = curl(&["--header", json, "--data-binary", &file], "/links").await;
    let refused = refused.expect("there is curl");
    assert!(refused.contains("error") && refused.ends_with(" 413"), "{refused}");
    service.stop().await;
}

#[tokio::test]
async fn a_body_of_100_megabytes_is_refused_at_16_kilobytes_and_never_held() {
    let service = Setup::new().start().await;
    let before = service.peak();
    let head = "POST /links HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n";
    // Announced, and in chunks: then nobody can tell before it is there.
    let body = vec![b' '; 100 << 20];
    let announced = format!("{head}content-length: {}\r\n\r\n", body.len());
    let chunked = format!("{head}transfer-encoding: chunked\r\n\r\n{:x}\r\n", body.len());
    for head in [announced, chunked] {
        let request = [head.as_bytes(), &body].concat();
        let answer = exchange(service.address, &request).await.expect("it answers");
        assert_eq!(answer.status, 413, "{answer:?}");
        assert!(answer.error().contains("16"), "it says how much is allowed: {answer:?}");
    }
    let grown = service.peak() - before;
    assert!(grown < 20 << 20, "it has held {grown} bytes");
    // The greatest body that it takes.
    let url = format!("https://example.com/{}", "x".repeat(1000));
    let body = json!({ "url": url }).to_string();
    let body = body.clone() + &" ".repeat((16 << 10) - body.len());
    for (body, status) in [(body.clone() + " ", 413), (body, 201)] {
        let request = service.client.post(service.url("/links")).body(body);
        let request = request.header("content-type", "application/json");
        assert_eq!(request.send().await.expect("it answers").status(), status);
    }
    service.stop().await;
}
