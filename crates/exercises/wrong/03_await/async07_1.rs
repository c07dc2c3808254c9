//! Wrong: makes all futures first and awaits them in another order.

use std::cell::RefCell;

type Journal = RefCell<Vec<&'static str>>;

async fn note(journal: &Journal, what: &'static str) {
    journal.borrow_mut().push(what);
}

async fn visit(journal: &Journal) {
    let knock = note(journal, "knock");
    note(journal, "enter").await;
    knock.await;
    note(journal, "leave").await;
}
