//! error: future cannot be sent between threads safely
//! Proves G-Q3-3, D-14-6.
//! Guide FAQ Q3: of `S: Service` nobody knows that its future is `Send`.

trait Service {
    async fn call(&self) -> u32;
}

fn spawn_call<S: Service + Send + Sync + 'static>(service: S) {
    tokio::spawn(async move { service.call().await });
}

struct One;

impl Service for One {
    async fn call(&self) -> u32 {
        1
    }
}

#[tokio::main]
async fn main() {
    spawn_call(One);
}
