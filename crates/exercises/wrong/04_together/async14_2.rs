//! Wrong: takes only those that have ended already.

use tokio::task::JoinSet;

async fn collect(mut tasks: JoinSet<u32>) -> (Vec<u32>, usize) {
    let (mut values, mut panics) = (Vec::new(), 0);
    while let Some(result) = tasks.try_join_next() {
        match result {
            Ok(value) => values.push(value),
            Err(_) => panics += 1,
        }
    }
    (values, panics)
}
