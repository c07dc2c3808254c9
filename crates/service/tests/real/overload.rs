//! More requests than it has places for, and requests that take too long.

use crate::support::Setup;
use crate::support::client::Held;
use crate::support::upstream::{Reply, Upstream};

#[tokio::test]
async fn overload_is_refused_at_once_and_what_is_in_progress_succeeds() {
    let service =
        Setup::new().with("REQUESTS_AT_ONCE", 2).with("REQUEST_LIMIT", "1h").start().await;
    let one = Held::begin(service.address, "https://example.com/1").await;
    let two = Held::begin(service.address, "https://example.com/2").await;
    for _ in 0..3 {
        let refused = service.get("/links").await;
        assert_eq!(refused.status(), 503);
        let after = refused.headers()["retry-after"].to_str().expect("it is text").parse::<u32>();
        assert!(after.expect("it is a number of seconds") >= 1);
        assert!(refused.text().await.expect("it is text").contains("error"));
    }
    // What the machine around it asks for has its own place.
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(service.get(path).await.status(), 200, "{path}");
    }
    assert_eq!(one.finish().await.status, 201);
    assert_eq!(two.finish().await.status, 201);
    assert_eq!(service.links().await.len(), 2);
    service.stop().await;
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_answered_and_leaves_its_place() {
    let setup = Setup::new().with("REQUESTS_AT_ONCE", 1).with("REQUEST_LIMIT", "100ms");
    let service = setup.start().await;
    let answer = Held::begin(service.address, "https://example.com/").await.answer().await;
    assert_eq!(answer.status, 504, "{answer:?}");
    assert!(answer.error().contains("too long"), "{answer:?}");
    assert_eq!(service.links().await, []);
    assert_eq!(service.add("https://example.com/").await, 1);
    service.stop().await;
}

#[tokio::test]
async fn a_client_that_goes_leaves_its_place() {
    let setup = Setup::new().with("REQUESTS_AT_ONCE", 1).with("REQUEST_LIMIT", "1h");
    let service = setup.start().await;
    drop(Held::begin(service.address, "https://example.com/").await);
    crate::support::eventually("a free place", async || {
        (service.get("/links").await.status() == 200).then_some(())
    })
    .await;
    assert_eq!(service.links().await, []);
    service.stop().await;
}

#[tokio::test]
async fn metrics_count_what_was_answered_and_what_was_refused() {
    let service =
        Setup::new().with("REQUESTS_AT_ONCE", 1).with("REQUEST_LIMIT", "1h").start().await;
    service.add("https://example.com/1").await;
    let held = Held::begin(service.address, "https://example.com/2").await;
    assert_eq!(service.get("/links").await.status(), 503);
    assert_eq!(held.finish().await.status, 201);
    let metrics = service.get("/metrics").await.text().await.expect("it is text");
    for (method, route, status, count) in [("POST", "/links", 201, 2), ("GET", "/links", 503, 1)] {
        let line = format!(
            r#"http_requests_total{{method="{method}",route="{route}",status="{status}"}} {count}"#
        );
        assert!(metrics.lines().any(|it| it == line), "{line} is not in\n{metrics}");
    }
    let refused = r#"http_requests_refused_total{reason="overload"} 1"#;
    assert!(metrics.lines().any(|it| it == refused), "{metrics}");
    assert!(metrics.ends_with("# EOF\n"), "it is whole: {metrics}");
    service.stop().await;
}

#[tokio::test]
async fn checks_take_no_place_of_requests() {
    let upstream = Upstream::start(&["127.0.0.1"], |_, _| Reply::status(200)).await;
    upstream.hold();
    let setup = Setup::new().with("CHECK_EVERY", "1h").with("REQUESTS_AT_ONCE", 1);
    let service = setup.with("CHECK_LIMIT", "1h").start().await;
    service.add(&upstream.urls[0]).await;
    upstream.until("a check", |seen| seen.at_once() == 1).await;
    assert_eq!(service.add("http://127.0.0.1:9/").await, 2);
    service.stop().await;
}
