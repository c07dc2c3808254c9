//! Guide FAQ Q3 — Since Rust 1.75 a trait may have an `async fn`, and a call allocates nothing.

#[tokio::main]
pub async fn main() {
    println!("{}", greet(&Echo).await);
}

/// In a public trait the compiler warns (`async_fn_in_trait`): callers cannot ask for `Send`.
trait Service {
    async fn call(&self, req: Request) -> Response;
}

struct Request(&'static str);
struct Response(String);

struct Echo;

impl Service for Echo {
    async fn call(&self, req: Request) -> Response {
        Response(format!("echo: {}", req.0))
    }
}

async fn greet(service: &impl Service) -> String {
    service.call(Request("hello")).await.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};
    use utils::probe::allocations;

    struct Length;

    impl Service for Length {
        async fn call(&self, req: Request) -> Response {
            // An empty `String` allocates nothing, so that the call alone is counted.
            Response(if req.0.is_empty() { String::from("empty") } else { String::new() })
        }
    }

    /// Proves G-Q3-2, D-14-5.
    #[test]
    fn a_call_allocates_nothing() {
        let mut cx = Context::from_waker(Waker::noop());
        // The call too is counted: a boxed future would be made there, not by the poll.
        let (count, poll) = allocations(|| pin!(Length.call(Request("hello"))).poll(&mut cx));
        assert!(matches!(poll, Poll::Ready(Response(body)) if body.is_empty()));
        assert_eq!(count, 0);
    }

    /// Of a concrete type the compiler sees that the future is `Send`; of `impl Service` it cannot.
    /// Proves G-Q3-3, D-15-1.
    #[tokio::test]
    async fn a_call_on_a_concrete_type_can_be_spawned() {
        let task = tokio::spawn(async { greet(&Echo).await });
        assert_eq!(task.await.unwrap(), "echo: hello");
    }
}
