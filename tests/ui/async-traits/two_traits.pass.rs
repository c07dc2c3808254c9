struct Request;
struct Response;

trait Service {
    async fn call(&self, req: Request) -> Response;
}

trait SendService: Send + Sync {
    fn call(&self, req: Request) -> impl Future<Output = Response> + Send;
}

struct Both;

impl Service for Both {
    async fn call(&self, _req: Request) -> Response {
        Response
    }
}

impl SendService for Both {
    async fn call(&self, _req: Request) -> Response {
        Response
    }
}

#[tokio::main]
async fn main() {
    Service::call(&Both, Request).await;
    SendService::call(&Both, Request).await;
}
