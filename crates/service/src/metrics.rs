//! The counters that Prometheus reads.

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, header::CONTENT_TYPE};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::sync::Arc;
use std::time::Instant;

/// The counters. Clones share them.
#[derive(Clone, Debug)]
pub struct Metrics {
    requests: Family<Answered, Counter>,
    seconds: Family<Route, Histogram>,
    running: Gauge,
    watchers: Gauge,
    pub refused: Family<Refused, Counter>,
    pub checks: Family<Checked, Counter>,
    registry: Arc<Registry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

/// `overload` or `time-out`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Refused {
    pub reason: &'static str,
}

/// `answer` or `error`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Checked {
    pub result: &'static str,
}

/// Counts as one in a gauge, until it is dropped.
#[derive(Debug)]
pub struct Watching(Gauge);

impl Watching {
    fn new(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::default();
        let seconds = Family::<Route, Histogram>::new_with_constructor(|| {
            Histogram::new([0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0])
        });
        let (requests, running, watchers, refused, checks) = Default::default();
        registry.register(
            "http_requests",
            "The requests that were answered",
            Family::clone(&requests),
        );
        registry.register("http_request_seconds", "How long they took", seconds.clone());
        registry.register(
            "http_requests_running",
            "The requests under way",
            Gauge::clone(&running),
        );
        registry.register("watchers", "The open streams of Watch", Gauge::clone(&watchers));
        registry.register(
            "http_requests_refused",
            "Those that met a limit",
            Family::clone(&refused),
        );
        registry.register("checks", "The links that were checked", Family::clone(&checks));
        Self { requests, seconds, running, watchers, refused, checks, registry: Arc::new(registry) }
    }
}

impl Metrics {
    /// Counts a stream, until what this returns is dropped.
    pub fn watching(&self) -> Watching {
        Watching::new(&self.watchers)
    }

    /// Returns how many requests are under way.
    pub fn running(&self) -> i64 {
        self.running.get()
    }

    /// Answers `GET /metrics`.
    pub async fn show(State(metrics): State<Self>) -> Response {
        let mut text = String::new();
        encode(&mut text, &metrics.registry).expect("a string takes any text");
        let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
        ([(CONTENT_TYPE, kind)], text).into_response()
    }
}

/// Returns the name of a standard method, and `other` for one that a client has invented.
pub fn method(method: &Method) -> &str {
    match method.as_str() {
        method @ ("GET" | "POST" | "HEAD" | "PUT" | "DELETE" | "PATCH" | "OPTIONS") => method,
        _ => "other",
    }
}

/// Counts a request and its answer. The path would be a label without bound, so the route is it.
pub async fn count(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("none", MatchedPath::as_str).to_owned();
    let method = method(request.method()).to_owned();
    let (start, _running) = (Instant::now(), Watching::new(&metrics.running));
    let response = next.run(request).await;
    let status = response.status().as_u16();
    metrics
        .seconds
        .get_or_create(&Route { route: route.clone() })
        .observe(start.elapsed().as_secs_f64());
    metrics.requests.get_or_create(&Answered { method, route, status }).inc();
    response
}
