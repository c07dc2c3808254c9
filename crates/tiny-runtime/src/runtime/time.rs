//! Timers: the wheel, the clock that turns it, and who is woken.

pub(crate) mod wheel;
pub(crate) mod clock;
pub(crate) mod timers;
