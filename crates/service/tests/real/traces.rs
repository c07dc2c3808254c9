//! Spans, as a collector gets them: each with its own parent, over `.await` and `spawn`.

use crate::support::Setup;
use crate::support::collector::Collector;
use crate::support::upstream::{Reply, Upstream};
use futures::future::join_all;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use rustix::process::Signal;

fn named<'a>(spans: &'a [Span], name: &str) -> Vec<&'a Span> {
    spans.iter().filter(|span| span.name == name).collect()
}

fn children<'a>(spans: &'a [Span], parent: &Span) -> Vec<&'a Span> {
    let is_below =
        |span: &&Span| span.parent_span_id == parent.span_id && span.trace_id == parent.trace_id;
    spans.iter().filter(is_below).collect()
}

/// The names from a span up to its root.
fn path(spans: &[Span], span: &Span) -> Vec<String> {
    let parent = spans
        .iter()
        .find(|other| other.span_id == span.parent_span_id && other.trace_id == span.trace_id);
    let mut names = vec![span.name.clone()];
    names.extend(parent.into_iter().flat_map(|parent| path(spans, parent)));
    names
}

fn attribute(span: &Span, key: &str) -> String {
    let value = span.attributes.iter().find(|attribute| attribute.key == key);
    let value = value.and_then(|attribute| attribute.value.as_ref()?.value.as_ref());
    match value {
        Some(Value::StringValue(text)) => text.clone(),
        Some(Value::IntValue(number)) => number.to_string(),
        other => panic!("{key} of {}: {other:?}", span.name),
    }
}

#[tokio::test]
async fn a_request_is_a_span_below_its_caller_and_above_its_statements() {
    let collector = Collector::start().await;
    let service = Setup::new().with("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url).start().await;
    // At the same time, so that their polls are mixed.
    join_all((0..16).map(async |n| {
        let request = service.adding(&format!("https://example.com/{n}"));
        let request = request.header("x-request-id", format!("request-{n}"));
        // What a caller with spans of its own sends: the trace and the span.
        let caller = format!("00-{:032x}-{:016x}-01", n + 1, n + 1);
        let answer = request.header("traceparent", caller).send().await.expect("it answers");
        assert_eq!(answer.status(), 201);
    }))
    .await;
    // The end sends what is left.
    service.stop().await;

    let spans = collector.spans();
    for n in 0..16_usize {
        let trace = (n as u128 + 1).to_be_bytes();
        let of_trace: Vec<Span> =
            spans.iter().filter(|span| span.trace_id == trace).cloned().collect();
        let requests = named(&of_trace, "POST /links");
        assert_eq!(requests.len(), 1, "{of_trace:?}");
        let request = requests[0];
        assert_eq!(request.parent_span_id, (n as u64 + 1).to_be_bytes());
        assert_eq!(attribute(request, "request_id"), format!("request-{n}"));
        assert_eq!(attribute(request, "http.response.status_code"), "201");
        let statements = children(&of_trace, request);
        let names: Vec<&str> = statements.iter().map(|span| span.name.as_str()).collect();
        assert_eq!(names, ["add"]);
        // It begins within the request. SQLite's own thread lets go of it, perhaps after the answer.
        let within = request.start_time_unix_nano..=request.end_time_unix_nano;
        assert!(within.contains(&statements[0].start_time_unix_nano));
        assert_eq!(of_trace.len(), 2, "nothing else is below it");
    }
}

#[tokio::test]
async fn a_spawned_check_is_below_the_round_that_has_spawned_it() {
    let collector = Collector::start().await;
    let hosts = ["127.0.0.1", "127.0.0.2", "127.0.0.3"];
    let upstream = Upstream::start(&hosts, |_, _| Reply::status(200)).await;
    let setup = Setup::new().with("CHECK_EVERY", "1h");
    let service = setup.with("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url).start().await;
    for url in &upstream.urls {
        let id = service.add(url).await;
        service.checked(id).await;
    }
    service.stop().await;

    let spans = collector.spans();
    let checks = named(&spans, "check");
    assert_eq!(checks.len(), 3);
    for check in checks {
        assert_eq!(path(&spans, check), ["check", "host", "round"]);
    }
}

#[tokio::test]
async fn a_collector_that_is_dead_or_silent_stalls_nothing() {
    let dead = std::net::TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let dead_url = format!("http://{}", dead.local_addr().expect("it has an address"));
    drop(dead);
    // Connections wait in the queue of the system, and nobody takes them.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let silent_url = format!("http://{}", silent.local_addr().expect("it has an address"));
    for url in [dead_url, silent_url] {
        let setup = Setup::new().with("OTEL_EXPORTER_OTLP_ENDPOINT", &url);
        let mut service = setup.with("DRAIN_LIMIT", "1s").start().await;
        for n in 0..100 {
            service.add(&format!("https://example.com/{n}")).await;
        }
        service.process.signal(Signal::TERM);
        // The spans are lost, the links are not.
        assert_eq!(service.ended().await, Some(0), "{}", service.log());
    }
    drop(silent);
}

#[tokio::test]
async fn the_service_has_the_name_that_the_environment_gives() {
    for (set, name) in [(None, "service"), (Some("keeper"), "keeper")] {
        let collector = Collector::start().await;
        let mut setup = Setup::new().with("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url);
        if let Some(set) = set {
            setup = setup.with("OTEL_SERVICE_NAME", set);
        }
        let service = setup.start().await;
        service.add("https://example.com/").await;
        service.stop().await;
        let resources = collector.resources();
        assert!(!resources.is_empty());
        for resource in resources {
            let names = resource.attributes.iter().filter(|it| it.key == "service.name");
            let names: Vec<_> = names.filter_map(|it| it.value.as_ref()?.value.clone()).collect();
            assert_eq!(names, [Value::StringValue(name.to_owned())]);
        }
    }
}
