//! Wrong, and does not compile: moves the borrow into the block.

use tokio::task::yield_now;

fn count_words(text: &str) -> impl Future<Output = usize> {
    async move {
        let words = text.split_whitespace().count();
        yield_now().await;
        words
    }
}
