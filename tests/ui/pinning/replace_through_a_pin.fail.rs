//! error[E0277]: cannot be unpinned
//! Proves G-5.1-2, G-5.1-3, D-0-9, D-4-4.
//! Deep dive 4.2: an executor that moves a future out of its pin.

use std::pin::pin;

async fn my_async_fn() {}

fn main() {
    let fut = pin!(my_async_fn());
    drop(std::mem::replace(fut.get_mut(), my_async_fn()));
}
