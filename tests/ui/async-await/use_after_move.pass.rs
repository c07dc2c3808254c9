//! Guide 3.3: a block without `move` borrows.

#[tokio::main]
async fn main() {
    let name = String::from("Rust");
    let greet = async { format!("Hello, {name}!") };
    println!("{}", greet.await);
    println!("{name}");
}
