trait Service {
    fn call(&self) -> impl Future<Output = u32> + Send;
}

fn spawn_call<S>(service: S)
where
    S: Service + Send + Sync + 'static,
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
