//! Guide FAQ Q3 — A trait that says `impl Future + Send` can be spawned by generic code.

use std::sync::Arc;
use tokio::task::JoinError;

#[tokio::main]
pub async fn main() -> Result<(), JoinError> {
    println!("{}", greet_in_a_task(Arc::new(Echo)).await?);
    Ok(())
}

trait SendService: Send + Sync {
    fn call(&self, req: Request) -> impl Future<Output = Response> + Send;
}

struct Request(&'static str);
struct Response(String);

struct Echo;

/// Written as an `async fn` all the same: the compiler checks that its future is `Send`.
impl SendService for Echo {
    async fn call(&self, req: Request) -> Response {
        Response(format!("echo: {}", req.0))
    }
}

async fn greet_in_a_task<S: SendService + 'static>(service: Arc<S>) -> Result<String, JoinError> {
    tokio::spawn(async move { service.call(Request("hello")).await.0 }).await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves G-Q3-3, D-15-2.
    #[tokio::test]
    async fn generic_code_can_spawn_the_call() {
        assert_eq!(greet_in_a_task(Arc::new(Echo)).await.unwrap(), "echo: hello");
    }
}
