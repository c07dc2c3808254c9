use tokio::time::{Duration, sleep};

#[tokio::main]
async fn main() {
    let mut future = std::pin::pin!(sleep(Duration::from_millis(1)));
    tokio::select! {
        () = &mut future => {}
    }
}
