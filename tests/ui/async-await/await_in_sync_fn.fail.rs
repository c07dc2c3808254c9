//! error[E0728]: `await` is only allowed inside `async` functions and blocks
//! Deep dive 10.1: the last line of `caller2`.

async fn async_fn() {}

fn caller2() {
    async_fn().await;
}

fn main() {
    caller2();
}
