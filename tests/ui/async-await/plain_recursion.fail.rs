//! error[E0733]: recursion in an async fn requires boxing
//! Proves G-3.5-2.
//! Guide 3.5: the future would contain itself.

async fn sum(n: u64) -> u64 {
    if n == 0 { 0 } else { n + sum(n - 1).await }
}

#[tokio::main]
async fn main() {
    println!("{}", sum(10).await);
}
