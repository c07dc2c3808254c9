//! Threads beside the workers, for code that blocks.

pub(crate) mod pool;
mod closure;
