//! error: future cannot be sent between threads safely
//! Deep dive 12.2: an entered span belongs to a thread, and a task may change its thread.

use tracing::info_span;

async fn handle_request(id: u64) {
    let _entered = info_span!("request", id).entered();
    tokio::task::yield_now().await;
}

#[tokio::main]
async fn main() {
    let _ = tokio::spawn(handle_request(7)).await;
}
