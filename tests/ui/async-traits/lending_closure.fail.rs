//! error: lifetime may not live long enough
//! Deep dive 15: the block that a closure returns may not borrow what the closure owns.

#[tokio::main]
async fn main() {
    let prefix = String::from("echo: ");
    let echo = move || async { prefix.clone() + "hello" };
    println!("{}", echo().await);
}
