//! What every answer has, whatever its path: an id, and a sentence if it is an error.

use crate::support::Setup;
use crate::support::service::json_of;
use reqwest::Method;

#[tokio::test]
async fn an_id_is_kept_if_it_is_a_short_text_and_replaced_otherwise() {
    let service = Setup::new().start().await;
    let (most, more) = ("x".repeat(64), "x".repeat(65));
    for (id, is_kept) in
        [("a-1", true), (&*most, true), ("", false), (&*more, false), ("a b", false)]
    {
        let request = service.client.get(service.url("/links")).header("x-request-id", id);
        let answer = request.send().await.expect("it answers");
        let said = answer.headers()["x-request-id"].to_str().expect("it is text");
        assert_eq!(said == id, is_kept, "{id:?}: {said:?}");
        assert!((1..=64).contains(&said.len()), "{said:?}");
    }
    service.stop().await;
}

#[tokio::test]
async fn a_method_that_a_path_does_not_have_is_refused_with_a_sentence() {
    let service = Setup::new().start().await;
    for path in ["/links", "/links/1", "/admin/report", "/healthz", "/readyz", "/metrics"] {
        let request = service.client.request(Method::DELETE, service.url(path));
        let answer = request.send().await.expect("it answers");
        assert!(answer.headers().contains_key("allow"), "{path}");
        let (status, body) = json_of(answer).await;
        assert_eq!(status, 405, "{path}");
        let error = body["error"].as_str().expect("it has a sentence");
        assert!(error.contains("allow"), "{error}");
    }
    service.stop().await;
}

#[tokio::test]
async fn the_log_has_requests_and_no_probes_and_no_invented_method() {
    let mut service = Setup::new().start().await;
    let odd = Method::from_bytes(b"INVENTED").expect("it is a token");
    for (method, path) in [(odd, "/links"), (Method::GET, "/links/7"), (Method::GET, "/healthz")] {
        service.client.request(method, service.url(path)).send().await.expect("it answers");
    }
    service.process.signal(rustix::process::Signal::TERM);
    assert_eq!(service.ended().await, Some(0));
    let log = service.log();
    assert_eq!(log.lines().filter(|line| line.contains("answered")).count(), 2, "{log}");
    assert!(!log.contains("INVENTED") && log.contains("other /links"), "{log}");
}
