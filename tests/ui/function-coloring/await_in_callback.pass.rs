//! Deep dive 10.1: the callback hands its future up, to where `.await` is allowed.

async fn async_fn(id: u32) -> u32 {
    id * 2
}

async fn caller1(ids: &[u32]) -> Vec<u32> {
    futures::future::join_all(ids.iter().map(|id| async_fn(*id))).await
}

fn main() {
    println!("{:?}", futures::executor::block_on(caller1(&[1, 2, 3])));
}
