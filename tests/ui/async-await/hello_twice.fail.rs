//! error[E0428]: the name `hello` is defined multiple times
//! Proves D-2-3.
//! Deep dive 2.2: the two forms are one function, written twice.

async fn hello() -> u32 {
    42
}

fn hello() -> impl Future<Output = u32> {
    async move { 42 }
}

#[tokio::main]
async fn main() {
    println!("{}", hello().await);
}
