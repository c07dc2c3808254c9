//! The scheduler: who runs what, and when. It has no thread of its own.

pub(crate) mod config;
pub(crate) mod counters;
mod signals;
pub(crate) mod inject;
pub(crate) mod queue;
pub(crate) mod lifo_slot;
pub(crate) mod waiting_tasks;
pub(crate) mod idle;
pub(crate) mod tuning;
mod outside;
pub(crate) mod step;
pub(crate) mod core;
pub(crate) mod shared;
pub(crate) mod worker;
pub(crate) mod schedule;
