//! Deep dive 12.2: a skipped argument becomes no field.

struct Request;
struct Response;

#[tracing::instrument(skip(req))]
async fn handle_request(req: Request) -> Response {
    drop(req);
    Response
}

#[tokio::main]
async fn main() {
    handle_request(Request).await;
}
