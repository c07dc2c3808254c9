//! Deep dive 12.2: an instrumented future enters its span at each poll.

use tracing::{Instrument, info_span};

async fn handle_request(id: u64) {
    tokio::task::yield_now()
        .instrument(info_span!("request", id))
        .await;
}

#[tokio::main]
async fn main() {
    let _ = tokio::spawn(handle_request(7)).await;
}
