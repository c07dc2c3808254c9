//! error[E0277]: Request` doesn't implement `Debug`
//! Proves D-12-4.
//! Deep dive 12.2: every argument becomes a field of the span.

struct Request;
struct Response;

#[tracing::instrument]
async fn handle_request(req: Request) -> Response {
    drop(req);
    Response
}

#[tokio::main]
async fn main() {
    handle_request(Request).await;
}
