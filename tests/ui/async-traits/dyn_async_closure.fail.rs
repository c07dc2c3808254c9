//! error[E0038]: is not dyn compatible
//! Deep dive 15: behind `dyn`, an async closure has to return a boxed future.

async fn call(service: Box<dyn AsyncFn(u32) -> u32>) -> u32 {
    service(41).await
}

#[tokio::main]
async fn main() {
    println!("{}", call(Box::new(async |n| n + 1)).await);
}
