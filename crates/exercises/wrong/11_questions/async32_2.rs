//! Wrong: drops the wait.

use std::rc::Rc;

async fn shout(word: String) -> String {
    let word = Rc::new(word);
    let twin = Rc::clone(&word);
    format!("{word} {twin}!")
}
