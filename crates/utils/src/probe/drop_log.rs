use std::sync::{Arc, Mutex};

/// A list of what happened, in order: notes, and the drops of its guards.
#[derive(Clone, Default)]
pub struct DropLog(Arc<Mutex<Vec<&'static str>>>);

impl DropLog {
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends `what` now.
    pub fn note(&self, what: &'static str) {
        self.0.lock().expect("no holder of this lock panics").push(what);
    }

    /// Appends `what` when the guard is dropped.
    pub fn guard(&self, what: &'static str) -> Guard {
        Guard { log: self.clone(), what }
    }

    pub fn entries(&self) -> Vec<&'static str> {
        self.0.lock().expect("no holder of this lock panics").clone()
    }
}

/// Made by [`DropLog::guard`].
#[must_use = "the guard logs its drop: unnamed, it is dropped at once"]
pub struct Guard {
    log: DropLog,
    what: &'static str,
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.log.note(self.what);
    }
}

#[cfg(test)]
mod tests {
    use super::DropLog;

    #[test]
    fn drops_and_notes_stand_in_their_order() {
        let log = DropLog::new();
        let guard = log.guard("dropped");
        log.note("noted");
        drop(guard);
        assert_eq!(log.entries(), ["noted", "dropped"]);
    }
}
