//! Sockets: what the kernel says of them, and who waits for it.

pub(crate) mod readiness;
pub(crate) mod waiters;
pub(crate) mod scheduled_io;
pub(crate) mod reactor;
