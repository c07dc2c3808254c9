#[async_trait::async_trait]
trait Service {
    async fn call(&self) -> u32;
}

struct One;

#[async_trait::async_trait]
impl Service for One {
    async fn call(&self) -> u32 {
        1
    }
}

#[tokio::main]
async fn main() {
    let service: &dyn Service = &One;
    println!("{}", service.call().await);
}
