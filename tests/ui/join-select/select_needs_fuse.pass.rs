use futures::FutureExt;
use std::pin::pin;
use tokio::time::{Duration, sleep};

#[tokio::main]
async fn main() {
    let mut future = pin!(sleep(Duration::from_millis(10)).fuse());
    futures::select! {
        () = future => {}
    }
    let mut future = pin!(sleep(Duration::from_millis(10)));
    tokio::select! {
        () = &mut future => {}
    }
}
