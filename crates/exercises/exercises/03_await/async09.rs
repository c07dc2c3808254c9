//! Guide 3.4 — A future borrows what its arguments borrow.
//!
//! The future of an `async fn(&str)` holds the borrow until it is dropped. A function that does the
//! borrowed part first, and returns a block that owns the rest, lends to any task.
//!
//! Fails first: it does not compile: E0597.

use tokio::task::yield_now;

// TODO: Only the number of words is needed after this has begun. Return a future that borrows nothing.
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
