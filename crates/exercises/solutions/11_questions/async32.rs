//! FAQ Q2 — A task can move to another thread at each `.await`.

use std::sync::Arc;
use tokio::task::yield_now;

/// Two owners of one text, and a wait between them.
async fn shout(word: String) -> String {
    // An `Arc` counts its owners atomically, so they may live on several threads.
    let word = Arc::new(word);
    let twin = Arc::clone(&word);
    yield_now().await;
    format!("{word} {twin}!")
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::{counted, paused};

    #[test]
    fn a_task_shouts() {
        paused(async {
            let task = tokio::spawn(counted(shout("hey".to_string())));
            assert_eq!(task.await.unwrap(), ("hey hey!".to_string(), 2));
        });
    }
}
