//! A collector of spans: OTLP over gRPC.

use axum::Router;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::Span;
use service::server::serve;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};

const EXPORT: &str = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

/// Keeps all spans. Dropped, it closes.
pub struct Collector {
    /// For `OTEL_EXPORTER_OTLP_ENDPOINT`.
    pub url: String,
    spans: Arc<Mutex<Vec<Span>>>,
    resources: Arc<Mutex<Vec<Resource>>>,
    server: JoinHandle<()>,
}

impl Collector {
    pub async fn start() -> Self {
        let (spans, resources) = <(Arc<Mutex<Vec<Span>>>, Arc<Mutex<Vec<Resource>>>)>::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
        let url = format!("http://{}", listener.local_addr().expect("it has an address"));
        let service = TraceServiceServer::new(Kept(Arc::clone(&spans), Arc::clone(&resources)));
        let router = Router::new().route_service(EXPORT, service);
        let server = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream, CancellationToken::new(), router.clone()));
            }
        });
        Self { url, spans, resources, server }
    }

    /// What has sent the spans so far.
    pub fn resources(&self) -> Vec<Resource> {
        self.resources.lock().unwrap().clone()
    }

    /// All spans so far, in the order of their beginnings.
    pub fn spans(&self) -> Vec<Span> {
        let mut spans = self.spans.lock().unwrap().clone();
        spans.sort_by_key(|span| span.start_time_unix_nano);
        spans
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.server.abort();
    }
}

struct Kept(Arc<Mutex<Vec<Span>>>, Arc<Mutex<Vec<Resource>>>);

#[tonic::async_trait]
impl TraceService for Kept {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let resources = request.into_inner().resource_spans;
        self.1.lock().unwrap().extend(resources.iter().filter_map(|spans| spans.resource.clone()));
        let scopes = resources.into_iter().flat_map(|resource| resource.scope_spans);
        self.0.lock().unwrap().extend(scopes.flat_map(|scope| scope.spans));
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}
