use std::pin::pin;

async fn my_async_fn() {}

fn main() {
    let mut fut = pin!(my_async_fn());
    fut.set(my_async_fn());

    let fut = pin!(std::future::ready(()));
    drop(std::mem::replace(fut.get_mut(), std::future::ready(())));
}
