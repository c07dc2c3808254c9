//! error[E0728]: `await` is only allowed inside `async` functions and blocks
//! Proves D-1-3, D-13-1.
//! Deep dive 10.1: the callback of a sync function is sync, even within an async function.

async fn async_fn(id: u32) -> u32 {
    id * 2
}

async fn caller1(ids: &[u32]) -> Vec<u32> {
    ids.iter().map(|id| async_fn(*id).await).collect()
}

fn main() {
    println!("{:?}", futures::executor::block_on(caller1(&[1, 2, 3])));
}
