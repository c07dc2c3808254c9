//! A set from many futures at once, and how it is printed.
//!
//! Tokio's counterpart: `tokio/src/task/join_set.rs`.

use super::JoinSet;
use std::fmt;

/// Spawns all futures onto the current runtime. Panics outside of one.
impl<T: Send + 'static, F: Future<Output = T> + Send + 'static> Extend<F> for JoinSet<T> {
    fn extend<I: IntoIterator<Item = F>>(&mut self, futures: I) {
        futures.into_iter().for_each(|future| _ = self.spawn(future));
    }
}

/// Spawns all futures onto the current runtime. Panics outside of one.
impl<T: Send + 'static, F: Future<Output = T> + Send + 'static> FromIterator<F> for JoinSet<T> {
    fn from_iter<I: IntoIterator<Item = F>>(futures: I) -> Self {
        let mut set = Self::new();
        set.extend(futures);
        set
    }
}

impl<T> fmt::Debug for JoinSet<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinSet").field("len", &self.len()).finish()
    }
}
