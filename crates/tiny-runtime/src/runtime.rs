//! The runtime: tasks, the scheduler that runs them, the driver that wakes them, and the pool beside it.

pub(crate) mod park;
pub(crate) mod task;
pub(crate) mod block_on;
pub(crate) mod time;
pub(crate) mod io;
pub(crate) mod driver;
pub(crate) mod blocking;
pub(crate) mod scheduler;
pub(crate) mod report;
pub(crate) mod context;
mod metrics;
mod current_thread;
mod shutdown;
mod multi_thread;
pub(crate) mod block_in_place;
pub(crate) mod handle;
#[expect(clippy::module_inception, reason = "the path is that of Tokio's `runtime/runtime.rs`")]
pub(crate) mod runtime;
mod local;
mod stepped;
mod builder;

pub use builder::{Builder, LocalOptions};
pub use handle::{EnterGuard, Handle, TryCurrentError};
pub use local::LocalRuntime;
pub use metrics::RuntimeMetrics;
pub use runtime::Runtime;
pub use scheduler::step::{Source, Step};
pub use stepped::Stepped;
