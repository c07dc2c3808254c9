//! The promises of both runtimes, and the helpers of every file here.

use super::rt;
use rt::runtime::{Builder, LocalRuntime, Runtime};
use std::time::Duration;

mod guards;
mod places;
mod large;
mod halves;
mod sockets;
#[cfg(all(unix, debug_assertions))]
mod blocking_sockets;
mod tasks;
mod resets;
mod channels;

/// Longer than anything here takes, even on a loaded machine: only a bug reaches it.
const LONG: Duration = Duration::from_secs(60);

fn workers(count: usize) -> Runtime {
    Builder::new_multi_thread().worker_threads(count).enable_all().build().unwrap()
}

fn one_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn local() -> LocalRuntime {
    Builder::new_current_thread().enable_all().build_local(Default::default()).unwrap()
}

/// On each flavor, and not without end.
fn on_each_flavor(test: impl AsyncFn()) {
    // In a box, so that what a runtime does with a future is built once, and not for each test.
    type Root<'a> = std::pin::Pin<Box<dyn Future<Output = ()> + 'a>>;
    for runtime in [one_thread(), workers(2)] {
        let root = async { rt::time::timeout(LONG, test()).await.unwrap() };
        runtime.block_on(Box::pin(root) as Root<'_>);
    }
}

/// Returns Tokio's value on Tokio, and tiny-runtime's on tiny-runtime.
fn either<T>(tokio: T, tiny: T) -> T {
    if rt::IS_TOKIO { tokio } else { tiny }
}
