//! Deep dive 2.2: with two names, both are there.

async fn hello() -> u32 {
    42
}

fn hello_desugared() -> impl Future<Output = u32> {
    async move { 42 }
}

#[tokio::main]
async fn main() {
    println!("{}", hello().await + hello_desugared().await);
}
