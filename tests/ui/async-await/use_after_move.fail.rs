//! error[E0382]: borrow of moved value: `name`
//! Proves G-3.3-2.
//! Guide 3.3: an `async move` block owns what it names.

#[tokio::main]
async fn main() {
    let name = String::from("Rust");
    let greet = async move { format!("Hello, {name}!") };
    println!("{}", greet.await);
    println!("{name}");
}
