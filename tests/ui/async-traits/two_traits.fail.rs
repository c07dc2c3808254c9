//! error[E0428]: the name `Service` is defined multiple times
//! Proves G-Q3-1.
//! Guide FAQ Q3: both traits in one block, as printed.

struct Request;
struct Response;

trait Service {
    async fn call(&self, req: Request) -> Response;
}

trait Service {
    fn call(&self, req: Request) -> impl Future<Output = Response> + Send;
}

fn main() {}
