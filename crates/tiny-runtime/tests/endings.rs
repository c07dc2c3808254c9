//! The end of a runtime in every state: one suite, on Tokio and on tiny-runtime.

#![cfg(not(loom))]
#![expect(clippy::duplicate_mod, reason = "the same tests, on two runtimes")]

#[path = "endings"]
mod on_tokio {
    pub mod rt {
        pub const IS_TOKIO: bool = true;
        pub use tokio::{net, runtime, spawn, task, time};
    }
    mod axes;
    mod destructors;
    mod matrix;
    mod rest;
    mod running;
    mod support;
}

#[path = "endings"]
mod on_tiny {
    pub mod rt {
        pub const IS_TOKIO: bool = false;
        pub use tiny_runtime::{net, runtime, spawn, task, time};
    }
    mod axes;
    mod destructors;
    mod matrix;
    mod rest;
    mod running;
    mod support;
}
