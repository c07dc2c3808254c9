//! Logs on stderr, and spans to a collector if there is one.

use crate::settings::Settings;
use axum::http::HeaderMap;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::{Context, Key, trace::TracerProvider};
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use std::io::{IsTerminal, stderr};
use std::time::Duration;
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use tracing::level_filters::LevelFilter;
use tracing::warn;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// Holds the spans that are still to be sent.
#[derive(Debug)]
pub struct Telemetry(Option<SdkTracerProvider>);

impl Telemetry {
    /// Starts it, for the whole process. Needs a Tokio runtime, on which it sends.
    pub fn start(settings: &Settings) -> Result<Self, ExporterBuildError> {
        let provider = settings.otlp.as_deref().map(provider).transpose()?;
        // What is exported does not depend on what is logged. The spans of the libraries would be
        // those of the export itself, too.
        let ours = Targets::new().with_target(env!("CARGO_CRATE_NAME"), LevelFilter::INFO);
        let spans = provider.as_ref().map(|provider| {
            tracing_opentelemetry::layer().with_tracer(provider.tracer("service")).with_filter(ours)
        });
        let logs = tracing_subscriber::fmt::layer().with_writer(stderr);
        let logs = logs.with_ansi(stderr().is_terminal()).with_filter(settings.logs.clone());
        tracing_subscriber::registry().with(spans).with(logs).init();
        Ok(Self(provider))
    }

    /// Sends the spans that are left, if that is possible within the limit.
    pub async fn flush(self, limit: Duration) {
        let Some(provider) = self.0 else { return };
        // It blocks its thread until they are sent, by tasks of this runtime.
        let flushed = spawn_blocking(move || provider.shutdown_with_timeout(limit));
        if !matches!(timeout(limit, flushed).await, Ok(Ok(Ok(())))) {
            warn!("the last spans are lost: the collector does not answer");
        }
    }
}

fn provider(endpoint: &str) -> Result<SdkTracerProvider, ExporterBuildError> {
    let exporter = SpanExporter::builder().with_tonic().with_endpoint(endpoint).build()?;
    // What `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` say.
    let mut resource = Resource::builder().build();
    let name = resource.get(&Key::from_static_str("service.name"));
    if name.is_none_or(|name| name.as_str().starts_with("unknown_service")) {
        resource = Resource::builder().with_service_name("service").build();
    }
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}

/// Returns the span of the caller, if the request names it: `traceparent`.
pub fn caller(headers: &HeaderMap) -> Context {
    TraceContextPropagator::new().extract(&Headers(headers))
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(|name| name.as_str()).collect()
    }
}
