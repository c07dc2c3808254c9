//! What lies around every handler, by tower.

use crate::metrics::{Metrics, Refused, count};
use crate::problem::Problem;
use crate::settings::Settings;
use crate::telemetry::caller;
use axum::error_handling::HandleErrorLayer;
use axum::extract::{MatchedPath, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{BoxError, Router, middleware::from_fn_with_state};
use std::any::Any;
use std::time::Duration;
use tower::ServiceBuilder;
use tower::limit::GlobalConcurrencyLimitLayer;
use tower::load_shed::error::Overloaded;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::trace::TraceLayer;
use tracing::{Span, error, field::Empty, info, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

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
            .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
            .layer(PropagateRequestIdLayer::x_request_id())
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
    let id = request.headers().get("x-request-id").and_then(|id| id.to_str().ok());
    let span = info_span!(
        "request",
        otel.name = format!("{} {route}", request.method()),
        otel.kind = "server",
        http.request.method = %request.method(),
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
    info!(status = response.status().as_u16(), ?time, "answered");
}
