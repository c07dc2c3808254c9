//! Guide 3.4 — A future borrows what its arguments borrow.

use tokio::task::yield_now;

/// Counts the words now, and reports them later.
// `use<>` says that the future captures no lifetime: the text may be gone when it runs.
fn count_words(text: &str) -> impl Future<Output = usize> + use<> {
    let words = text.split_whitespace().count();
    async move {
        yield_now().await;
        words
    }
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
