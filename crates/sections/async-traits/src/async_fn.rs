//! Deep dive 15 — Where a trait has one async method, an async closure can replace it: `AsyncFn` is stable.

#[tokio::main]
pub async fn main() {
    let prefix = String::from("echo: ");
    // Each call borrows what the closure owns. From `move |req| async { … }` that could not escape.
    let echo = async move |req: Request| Response(prefix.clone() + req.0);
    println!("{}", greet(echo).await);
    // The same bound takes an `async fn`.
    println!("{}", greet(shout).await);
}

/// In place of `trait Service { async fn call(&self, req: Request) -> Response; }`. As with that
/// trait, generic code can neither spawn the call nor put the service behind `dyn`.
async fn greet(service: impl AsyncFn(Request) -> Response) -> String {
    service(Request("hello")).await.0
}

struct Request(&'static str);
struct Response(String);

async fn shout(req: Request) -> Response {
    Response(req.0.to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use tokio::task::yield_now;
    use utils::probe::allocations;

    #[tokio::test]
    async fn a_closure_and_an_async_fn_are_services() {
        assert_eq!(greet(async |req: Request| Response(req.0.repeat(2))).await, "hellohello");
        assert_eq!(greet(shout).await, "HELLO");
    }

    /// Across a suspension too, and the closure may be called again.
    /// Proves D-15-4.
    #[tokio::test]
    async fn a_call_borrows_what_the_closure_owns() {
        let calls = Cell::new(0);
        let service = async move |_: Request| {
            let calls = &calls;
            yield_now().await;
            calls.set(calls.get() + 1);
            Response(calls.get().to_string())
        };
        assert_eq!(greet(&service).await, "1");
        assert_eq!(greet(&service).await, "2");
    }

    #[test]
    fn a_call_allocates_nothing() {
        let service = async |_: Request| Response(String::new());
        let (count, call) = allocations(|| service(Request("hello")));
        drop(call);
        assert_eq!(count, 0);
    }

    /// The compiler sees that this one's future is `Send`. Of `impl AsyncFn` it cannot.
    #[tokio::test]
    async fn a_call_of_a_known_closure_can_be_spawned() {
        let service = async |req: Request| shout(req).await.0;
        let task = tokio::spawn(async move { service(Request("hello")).await });
        assert_eq!(task.await.unwrap(), "HELLO");
    }
}
