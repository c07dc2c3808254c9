#[tokio::main]
async fn main() {
    let future_a = async { 1 };
    let future_b = async { 2 };
    let future_c = async { 3 };
    let (a, b) = tokio::join!(future_a, future_b);
    let handle = tokio::spawn(future_c);
    println!("{a} {b} {}", handle.await.unwrap());
}
