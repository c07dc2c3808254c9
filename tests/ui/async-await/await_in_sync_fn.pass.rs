//! Deep dive 10.1: a sync function may call, and may hand the future to a runtime.

async fn async_fn() {}

fn caller2() -> std::io::Result<()> {
    let future = async_fn();
    tokio::runtime::Runtime::new()?.block_on(future);
    Ok(())
}

fn main() -> std::io::Result<()> {
    caller2()
}
