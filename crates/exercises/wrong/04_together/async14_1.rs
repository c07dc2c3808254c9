//! Wrong: stops with the first panic, and aborts the others.

use tokio::task::JoinSet;

async fn collect(mut tasks: JoinSet<u32>) -> (Vec<u32>, usize) {
    let mut values = Vec::new();
    while let Some(result) = tasks.join_next().await {
        match result {
            Ok(value) => values.push(value),
            Err(_) => return (values, 1),
        }
    }
    (values, 0)
}
