//! error[E0277]: cannot be unpinned
//! Proves G-5.2-2.
//! Guide 5.2: a `Sleep` that is not pinned cannot be awaited by reference.

use tokio::time::{Duration, sleep};

#[tokio::main]
async fn main() {
    let mut future = sleep(Duration::from_millis(1));
    tokio::select! {
        () = &mut future => {}
    }
}
