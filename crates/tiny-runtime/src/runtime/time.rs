//! Timers: the wheel, the clock that drives it, and the wakers in it.

mod nodes;
pub(crate) mod wheel;
pub(crate) mod clock;
pub(crate) mod number;
pub(crate) mod timers;
pub(crate) mod running;
