//! One suite, two runtimes: `suite/` runs on Tokio and on tiny-runtime, word for word the same.
//!
//! Each file of it takes its runtime from `super::rt`, and its tasks go in by `rt/doors.rs`. A test of
//! something that holds on Tokio alone, or differs on purpose, stands in `suite/differences.rs`.

#![cfg(all(not(loom), tokio_unstable))] // it asks for counters that Tokio has with the flag alone
#![expect(clippy::duplicate_mod, reason = "the same tests, on two runtimes")]

#[path = "."]
mod on_tokio {
    pub mod rt {
        pub const IS_TOKIO: bool = true;
        pub use tokio::task::coop::unconstrained;
        mod doors;
        pub use doors::{block_on, spawn, spawn_blocking, spawn_blocking_on, spawn_in, spawn_on};
        pub use tokio::{net, runtime, task, time};
        /// `read` and `write` are inherent on tiny-runtime.
        pub mod io {
            pub use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        }
    }
    mod suite;
    /// It needs a hook that tiny-runtime does not have: there, the tests of `wheel.rs` list the expiries.
    #[path = "suite/turns.rs"]
    mod turns;
}

#[path = "."]
mod on_tiny {
    pub mod rt {
        pub const IS_TOKIO: bool = false;
        pub use tiny_runtime::task::unconstrained;
        mod doors;
        pub use doors::{block_on, spawn, spawn_blocking, spawn_blocking_on, spawn_in, spawn_on};
        pub use tiny_runtime::{net, runtime, task, time};
        /// Nothing is needed.
        pub mod io {}
    }
    mod suite;
}
