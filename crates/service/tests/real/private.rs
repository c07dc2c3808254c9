//! The checker stays out of the network around it.

use crate::checker::once;
use crate::support::upstream::{Reply, Upstream};

#[tokio::test]
async fn a_private_address_is_asked_only_if_that_is_allowed() {
    let upstream = Upstream::start(&["127.0.0.1"], |_, _| Reply::status(200)).await;
    let port = upstream.urls[0].rsplit_once(':').expect("it has a port").1;
    let hosts = ["127.0.0.1", "2130706433", "localhost", "[::ffff:127.0.0.1]", "0"];
    let setup = once().with("CHECK_PRIVATE", "no").with("CHECK_LIMIT", "30s");
    let service = setup.start().await;
    for host in hosts {
        let (_, link) = service.post(&format!("http://{host}:{port}/")).await;
        let checked = service.checked(link["id"].as_i64().expect("it is kept")).await;
        let error = checked["error"].as_str().unwrap_or_else(|| panic!("{host}: {checked}"));
        assert!(error.contains("private address: see CHECK_PRIVATE"), "{host}: {error}");
    }
    assert_eq!(upstream.seen().requests.len(), 0);
    service.stop().await;

    let service = setup.with("CHECK_PRIVATE", "yes").with("CHECK_EVERY", "100ms").start().await;
    upstream.until("a check", |seen| !seen.requests.is_empty()).await;
    service.stop().await;
}
