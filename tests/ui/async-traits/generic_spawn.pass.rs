trait Service {
    fn call(&self) -> impl Future<Output = u32> + Send;
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
