//! Guide 3.1 — A future does nothing until somebody awaits it.

use std::cell::RefCell;

type Journal = RefCell<Vec<&'static str>>;

async fn note(journal: &Journal, what: &'static str) {
    journal.borrow_mut().push(what);
}

async fn visit(journal: &Journal) {
    // Each `.await` polls the future to its end before the next line begins.
    note(journal, "knock").await;
    note(journal, "enter").await;
    note(journal, "leave").await;
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
