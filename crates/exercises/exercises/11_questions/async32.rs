//! FAQ Q2 — A task can move to another thread at each `.await`.
//!
//! So a value that lives across an `.await` must be `Send`, and an `Rc` is not. A value that is
//! dropped before the `.await` does not count.
//!
//! Fails first: it does not compile: future cannot be sent.

use std::rc::Rc;
use tokio::task::yield_now;

/// Two owners of one text, and a wait between them.
async fn shout(word: String) -> String {
    // TODO: This lives across the `.await`, where the task may move to another thread.
    let word = Rc::new(word);
    let twin = Rc::clone(&word);
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
