//! Guide Q5: what a handle tells without the flag.

#[tokio::main]
async fn main() {
    let runtime = tokio::runtime::Handle::current();
    println!("alive tasks: {}", runtime.metrics().num_alive_tasks());
}
