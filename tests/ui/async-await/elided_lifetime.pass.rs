//! Guide 3.1: since edition 2024, as with `async fn`, the future keeps both without a word.

fn joined(a: &str, b: &str) -> impl Future<Output = String> {
    async move { format!("{a}{b}") }
}

#[tokio::main]
async fn main() {
    println!("{}", joined("a", "b").await);
}
