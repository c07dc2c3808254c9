//! Deep dive 10.5 — Inside `block_in_place`, a task may call `Handle::block_on`; without it that panics.

use tokio::runtime::Handle;
use tokio::task::{JoinError, block_in_place, yield_now};

#[tokio::main(worker_threads = 1)]
pub async fn main() -> Result<(), JoinError> {
    println!("block_on inside: {}", tokio::spawn(bridge()).await?);
    Ok(())
}

async fn bridge() -> u32 {
    block_in_place(|| Handle::current().block_on(another_async()))
}

async fn another_async() -> u32 {
    yield_now().await;
    42
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn block_on_works_inside() {
        assert_eq!(tokio::spawn(bridge()).await.unwrap(), 42);
    }
}
