//! error[E0716]: temporary value dropped while borrowed
//! Proves D-4-5.
//! Deep dive 4.3, as printed: what is spawned in the end is pinned to the stack of `main`.

async fn my_async_fn() {}

#[tokio::main]
async fn main() {
    let fut = Box::pin(my_async_fn());
    let fut = std::pin::pin!(my_async_fn());
    tokio::spawn(fut);
}
