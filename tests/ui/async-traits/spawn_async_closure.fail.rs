//! error: future cannot be sent between threads safely
//! Deep dive 15: of `impl AsyncFn` nobody knows that its future is `Send`, nor can anybody ask.

fn spawn_call(service: impl AsyncFn(&str) -> String + Send + Sync + 'static) {
    tokio::spawn(async move { service("hello").await });
}

#[tokio::main]
async fn main() {
    spawn_call(async |request: &str| request.to_uppercase());
}
