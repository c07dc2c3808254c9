//! error[E0382]: use of moved value: `future_a`
//! Proves G-Q4-1.
//! Guide FAQ Q4: as printed, the future is joined and then spawned.

#[tokio::main]
async fn main() {
    let future_a = async { 1 };
    let future_b = async { 2 };
    let (a, b) = tokio::join!(future_a, future_b);
    let handle = tokio::spawn(future_a);
    println!("{a} {b} {}", handle.await.unwrap());
}
