//! error[E0728]: `await` is only allowed inside `async` functions and blocks
//! Proves D-0-12, D-1-9, D-10-2.
//! Deep dive 10.1: the last line of `caller2`.

async fn async_fn() {}

fn caller2() {
    async_fn().await;
}

fn main() {
    caller2();
}
