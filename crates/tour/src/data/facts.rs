//! Facts that are read when they are first asked for.

use std::sync::LazyLock;

pub struct Facts<T: 'static>(LazyLock<Result<T, String>>);

impl<T> Facts<T> {
    pub const fn new(read: fn() -> Result<T, String>) -> Self {
        Self(LazyLock::new(read))
    }

    /// Panics if they are wrong, which [`checked`](super::checked) says without a panic.
    pub fn get(&'static self) -> &'static T {
        self.0.as_ref().expect("`main`, or a test, has checked the data")
    }

    pub fn checked(&'static self) -> Result<(), &'static str> {
        self.0.as_ref().map(|_| ()).map_err(String::as_str)
    }
}
