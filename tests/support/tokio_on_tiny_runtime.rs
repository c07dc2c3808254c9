//! Tokio's paths, with tiny-runtime behind them: what a program gets that says
//! `tokio = { package = "tokio-on-tiny-runtime", path = "facade" }`.
//!
//! From Tokio itself come the parts that need no runtime: channels and locks, macros, and readers
//! and writers over whatever can be read and written. Its scheduler, timers and sockets are features
//! that are off.

pub use real_tokio::{io, join, pin, select, sync, try_join};
pub use tiny_runtime::{net, spawn, task, time};
// It writes `tokio::runtime::Builder`, and `tokio` is this crate.
pub use tokio_macros::main;

pub mod runtime {
    use std::io::Result;
    use std::time::Duration;
    use tiny_runtime::runtime as tiny;
    pub use tiny_runtime::runtime::{Handle, LocalOptions, LocalRuntime, Runtime};

    /// Tokio's, whose sockets and timers can be enabled one by one. Those of tiny-runtime always are.
    pub struct Builder(tiny::Builder);

    macro_rules! settings {
        ($($name:ident($($argument:ident: $type:ty)?);)*) => {
            $(pub fn $name(&mut self, $($argument: $type)?) -> &mut Self {
                self.0.$name($($argument)?);
                self
            })*
        };
    }

    impl Builder {
        pub fn new_multi_thread() -> Self {
            Self(tiny::Builder::new_multi_thread())
        }

        pub fn new_current_thread() -> Self {
            Self(tiny::Builder::new_current_thread())
        }

        settings! {
            worker_threads(workers: usize);
            max_blocking_threads(threads: usize);
            thread_keep_alive(keep_alive: Duration);
            thread_name(name: impl Into<String>);
            event_interval(turns: u32);
            global_queue_interval(turns: u32);
            start_paused(paused: bool);
            enable_all();
        }

        pub fn enable_io(&mut self) -> &mut Self {
            self
        }

        pub fn enable_time(&mut self) -> &mut Self {
            self
        }

        pub fn build(&mut self) -> Result<Runtime> {
            self.0.build()
        }

        pub fn build_local(&mut self, options: LocalOptions) -> Result<LocalRuntime> {
            self.0.build_local(options)
        }
    }
}

/// Does not build when Tokio has its runtime: the name would be ambiguous.
#[allow(unused_imports)]
mod tokio_has_none {
    mod instead {
        pub mod runtime {
            pub const NONE: () = ();
        }
    }
    use instead::*;
    use real_tokio::*;
    const _: () = runtime::NONE;
}
