//! Guide 3.4 — A future borrows what its arguments borrow.
//!
//! The future of an `async fn(&str)` holds the borrow until the future is dropped. A plain `fn` can
//! use the borrow first, and then return an async block that owns all it needs.
//!
//! Fails first: it does not compile: E0597.

use tokio::task::yield_now;

// TODO: The task lives longer than the text. Return a future that borrows nothing.
/// Counts the words now, and reports them later.
async fn count_words(text: &str) -> usize {
    let words = text.split_whitespace().count();
    yield_now().await;
    words
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::{counted, paused};

    #[test]
    fn a_task_counts_what_is_gone_when_it_runs() {
        paused(async {
            let text = String::from("to be or not to be");
            let counting = tokio::spawn(counted(count_words(&text)));
            drop(text);
            assert_eq!(counting.await.unwrap(), (6, 2));
        });
    }
}
