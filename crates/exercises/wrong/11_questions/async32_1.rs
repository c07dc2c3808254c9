//! Wrong, and does not compile: moves the Rc into an async block: it lives across the wait all the same.

use std::rc::Rc;
use tokio::task::yield_now;

async fn shout(word: String) -> String {
    let word = Rc::new(word);
    let twin = async {
        yield_now().await;
        Rc::clone(&word)
    };
    let twin = twin.await;
    format!("{word} {twin}!")
}
