//! Deep dive 10.1: an executor makes a number of the future.

async fn async_fn() -> u32 {
    42
}

fn caller2() -> u32 {
    futures::executor::block_on(async_fn())
}

fn main() {
    println!("{}", caller2());
}
