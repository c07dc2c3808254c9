#[tokio::main]
async fn main() {
    let prefix = String::from("echo: ");
    let echo = async move || { prefix.clone() + "hello" };
    println!("{}", echo().await);
}
