//! The layers around every handler, by tower.

use crate::metrics::{Metrics, Refused, count, method};
use crate::problem::Problem;
use crate::settings::Settings;
use crate::telemetry::caller;
use axum::error_handling::HandleErrorLayer;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_TYPE};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::{BoxError, Router};
use std::any::Any;
use std::time::Duration;
use tonic::{Code, Status};
use tower::ServiceBuilder;
use tower::limit::GlobalConcurrencyLimitLayer;
use tower::load_shed::error::Overloaded;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::trace::TraceLayer;
use tracing::{Level, Span, debug, debug_span, error, field::Empty, info, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// The paths that an orchestrator or a monitor asks for.
const PROBES: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

const REQUEST_ID: &str = "x-request-id";

/// Limits the requests at once, and the time of each. Probes stay outside: they must be answered
/// when all else is not.
pub fn limited(router: Router, settings: &Settings, metrics: &Metrics) -> Router {
    let metrics = metrics.clone();
    router.layer(
        ServiceBuilder::new()
            .layer(HandleErrorLayer::new(async move |error| refused(error, &metrics)))
            // Without it, what is over the limit would wait, and so would its client.
            .load_shed()
            // One semaphore for all routes: `ConcurrencyLimitLayer` makes one for each.
            .layer(GlobalConcurrencyLimitLayer::new(settings.requests_at_once))
            .timeout(settings.request_limit),
    )
}

/// Gives every request an id, a span and a place in the metrics. The first layer is the outermost.
pub fn observed(router: Router, metrics: Metrics) -> Router {
    router.layer(
        ServiceBuilder::new()
            .map_request(without_odd_id)
            .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
            .layer(PropagateRequestIdLayer::x_request_id())
            // Around the span and the metrics, which have the status that it replaces.
            .layer(from_fn(for_grpc))
            .layer(
                TraceLayer::new_for_http()
                    .make_span_with(span)
                    .on_response(answered)
                    .on_failure(()),
            )
            .layer(from_fn_with_state(metrics, count))
            .layer(CatchPanicLayer::custom(panicked)),
    )
}

/// Removes an id that is no short text: it is sent back and logged.
fn without_odd_id(mut request: Request) -> Request {
    let fits = |id: &HeaderValue| {
        (1..=64).contains(&id.len()) && id.as_bytes().iter().all(u8::is_ascii_graphic)
    };
    if request.headers().get(REQUEST_ID).is_some_and(|id| !fits(id)) {
        request.headers_mut().remove(REQUEST_ID);
    }
    request
}

/// Says a problem in the words of gRPC if the call is one: its clients do not read JSON.
async fn for_grpc(request: Request, next: Next) -> Response {
    let is_grpc = |headers: &HeaderMap| {
        let kind = headers.get(CONTENT_TYPE).map_or(&b""[..], |kind| kind.as_bytes());
        kind.starts_with(b"application/grpc")
    };
    let asked = is_grpc(request.headers());
    let response = next.run(request).await;
    match response.extensions().get::<Problem>() {
        Some(problem) if asked => Status::new(code(problem.status), &problem.message).into_http(),
        _ => response,
    }
}

fn code(status: StatusCode) -> Code {
    match status {
        StatusCode::SERVICE_UNAVAILABLE => Code::Unavailable,
        StatusCode::GATEWAY_TIMEOUT => Code::DeadlineExceeded,
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Code::Unimplemented,
        _ => Code::Internal,
    }
}

fn refused(error: BoxError, metrics: &Metrics) -> Problem {
    // The other layer that can fail is the time-out.
    let (reason, status, message) = match error.is::<Overloaded>() {
        true => (
            "overload",
            StatusCode::SERVICE_UNAVAILABLE,
            "too many requests at once: try again in a second",
        ),
        false => (
            "time-out",
            StatusCode::GATEWAY_TIMEOUT,
            "it took too long, and may have been done: try again, a link is kept once",
        ),
    };
    metrics.refused.get_or_create(&Refused { reason }).inc();
    Problem::new(status, message)
}

fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no text");
    error!(text, "a handler panicked");
    let message = "an error of this service; it is logged";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, message).into_response()
}

/// Returns the span of a request, below that of its caller. tower-http enters it at every poll and
/// leaves it at every `.await`, so that it is that of this request alone.
fn span(request: &Request) -> Span {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let method = method(request.method());
    if PROBES.contains(&route) {
        // Each comes every few seconds: below what is logged and exported.
        return debug_span!("probe", http.route = route, request_id = id);
    }
    let span = info_span!(
        "request",
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty,
        request_id = id,
    );
    // An error means that spans go nowhere.
    let _ = span.set_parent(caller(request.headers()));
    span
}

fn answered(response: &Response, time: Duration, span: &Span) {
    span.record("http.response.status_code", response.status().as_u16());
    let status = response.status().as_u16();
    match span.metadata().is_some_and(|span| *span.level() == Level::INFO) {
        true => info!(status, ?time, "answered"),
        false => debug!(status, ?time, "answered"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::routing::post;
    use tower::ServiceExt;

    /// The status of HTTP and that of gRPC.
    async fn asked(router: &Router, path: &str, kind: &str) -> (u16, Option<String>) {
        let request = Request::post(path).header(CONTENT_TYPE, kind).body(Body::empty()).unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        let code = response.headers().get("grpc-status");
        let code = code.map(|code| code.to_str().unwrap().to_owned());
        (response.status().as_u16(), code)
    }

    #[tokio::test]
    async fn a_call_of_grpc_gets_every_problem_as_a_status_of_grpc() {
        let problem = |status| post(async move || Problem::new(status, "it says why"));
        let router = Router::new()
            .route("/full", problem(StatusCode::SERVICE_UNAVAILABLE))
            .route("/slow", problem(StatusCode::GATEWAY_TIMEOUT))
            .route("/none", problem(StatusCode::NOT_FOUND))
            .route("/panics", post(async || -> &str { panic!("on purpose") }))
            .route("/fine", post(async || "fine"));
        let router = observed(router, Metrics::default());
        for (path, status, code) in [
            ("/full", 503, Some("14")),
            ("/slow", 504, Some("4")),
            ("/none", 404, Some("12")),
            ("/panics", 500, Some("13")),
            ("/fine", 200, None),
        ] {
            let grpc = code.map(str::to_owned);
            let said = if code.is_some() { 200 } else { status };
            assert_eq!(
                asked(&router, path, "application/grpc+proto").await,
                (said, grpc),
                "{path}"
            );
            assert_eq!(asked(&router, path, "application/json").await, (status, None), "{path}");
        }
    }
}
