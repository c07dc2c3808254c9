//! Which hosts are being asked, so that no two checks ask the same one.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The hosts that are being asked.
#[derive(Clone, Debug, Default)]
pub struct Busy(Arc<Mutex<HashSet<String>>>);

/// One of them, until it is dropped: also by a panic.
#[derive(Debug)]
pub struct Alone(Busy, String);

impl Busy {
    /// Returns the set, behind its lock.
    pub fn hosts(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Enters the host, or returns nothing if it is being asked.
    pub fn enter(&self, host: &str) -> Option<Alone> {
        let new = self.hosts().insert(host.to_owned());
        new.then(|| Alone(self.clone(), host.to_owned()))
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        self.0.hosts().remove(&self.1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::catch_unwind;

    #[test]
    fn a_host_is_asked_by_one_job_and_free_after_its_panic() {
        let busy = Busy::default();
        let alone = busy.enter("a").unwrap();
        assert!(busy.enter("a").is_none());
        assert!(busy.enter("b").is_some());
        let panicked = catch_unwind(move || {
            let _alone = alone;
            panic!("in a check");
        });
        assert!(panicked.is_err());
        assert!(busy.enter("a").is_some());
    }
}
