//! Guide 3.3: the block takes `name` along.

fn greet(name: String) -> impl Future<Output = String> {
    async move { format!("Hello, {name}!") }
}

#[tokio::main]
async fn main() {
    println!("{}", greet(String::from("Rust")).await);
}
