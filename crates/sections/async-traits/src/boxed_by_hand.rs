//! Guide FAQ Q3 — You can write by hand what `async-trait` generates, if you rarely need `dyn`.

use std::pin::Pin;

#[tokio::main]
pub async fn main() {
    let service: &dyn DynService = &Echo;
    println!("{}", service.call_boxed(Request("hello")).await.0);
}

/// The native trait, for generic code: no allocation.
trait Service: Sync {
    fn call(&self, req: Request) -> impl Future<Output = Response> + Send;
}

/// Its twin for `dyn`, which every `Service` has.
trait DynService {
    fn call_boxed(&self, req: Request) -> Pin<Box<dyn Future<Output = Response> + Send + '_>>;
}

impl<S: Service> DynService for S {
    fn call_boxed(&self, req: Request) -> Pin<Box<dyn Future<Output = Response> + Send + '_>> {
        Box::pin(self.call(req))
    }
}

struct Request(&'static str);
struct Response(String);

struct Echo;

impl Service for Echo {
    async fn call(&self, req: Request) -> Response {
        Response(format!("echo: {}", req.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use utils::probe::allocations;

    #[test]
    fn only_the_call_behind_dyn_allocates() {
        let (count, call) = allocations(|| Echo.call(Request("hello")));
        drop(call);
        assert_eq!(count, 0);
        let service: &dyn DynService = &Echo;
        let (count, call) = allocations(|| service.call_boxed(Request("hello")));
        drop(call);
        assert_eq!(count, 1);
    }
}
