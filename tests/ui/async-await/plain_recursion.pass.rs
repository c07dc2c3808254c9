//! Guide 3.5: it contains a pointer to the next one.

async fn sum(n: u64) -> u64 {
    if n == 0 {
        0
    } else {
        n + Box::pin(sum(n - 1)).await
    }
}

#[tokio::main]
async fn main() {
    println!("{}", sum(10).await);
}
