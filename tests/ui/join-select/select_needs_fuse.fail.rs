//! error[E0277]: the trait bound `Sleep: FusedFuture` is not satisfied
//! Proves G-4.3-3.
//! Guide 4.3: `futures::select!` asks for fused futures; `tokio::select!` does not.

use std::pin::pin;
use tokio::time::{Duration, sleep};

#[tokio::main]
async fn main() {
    let mut future = pin!(sleep(Duration::from_millis(10)));
    futures::select! {
        () = future => {}
    }
}
