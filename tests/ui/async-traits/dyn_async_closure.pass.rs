use std::pin::Pin;

async fn call(service: Box<dyn Fn(u32) -> Pin<Box<dyn Future<Output = u32>>>>) -> u32 {
    service(41).await
}

#[tokio::main]
async fn main() {
    println!("{}", call(Box::new(|n| Box::pin(async move { n + 1 }))).await);
}
