//! Guide 3.1 — A future does nothing until somebody awaits it.
//!
//! A call of an async fn makes its future and runs no line of its body. The compiler warns about a
//! future that is never used: read its warnings.
//!
//! Fails first: the test `the_journal_is_kept_in_order` fails.

use std::cell::RefCell;

type Journal = RefCell<Vec<&'static str>>;

async fn note(journal: &Journal, what: &'static str) {
    journal.borrow_mut().push(what);
}

async fn visit(journal: &Journal) {
    // TODO: The journal stays almost empty. Which lines do nothing?
    note(journal, "knock");
    note(journal, "enter").await;
    note(journal, "leave");
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::paused;

    #[test]
    fn the_journal_is_kept_in_order() {
        let journal = Journal::default();
        let visiting = visit(&journal);
        assert!(journal.borrow().is_empty(), "nobody has awaited it yet");
        paused(visiting);
        assert_eq!(*journal.borrow(), ["knock", "enter", "leave"]);
    }
}
