//! error[E0658]: return type notation is experimental
//! Proves D-15-2.
//! Deep dive 15: the bound on the future of a trait method is not stable.

trait Service {
    async fn call(&self) -> u32;
}

fn spawn_call<S>(service: S)
where
    S: Service<call(..): Send> + Send + Sync + 'static,
{
    tokio::spawn(async move { service.call().await });
}

struct Answer;

impl Service for Answer {
    async fn call(&self) -> u32 {
        42
    }
}

#[tokio::main]
async fn main() {
    spawn_call(Answer);
}
