//! error[E0308]: mismatched types
//! Proves D-1-9.
//! Deep dive 10.1: sync code may call, but what it gets is a future and not the number.

async fn async_fn() -> u32 {
    42
}

fn caller2() -> u32 {
    async_fn()
}

fn main() {
    println!("{}", caller2());
}
