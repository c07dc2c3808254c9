//! The flavor with threads: each thread runs a worker until the runtime ends, or another thread takes the
//! core.
//!
//! Tokio's counterpart: `tokio/src/runtime/scheduler/multi_thread/mod.rs`.

use super::context;
use super::scheduler::step::Step;
use super::scheduler::worker::Worker;
use super::shutdown::leave_with;

impl Worker {
    /// Runs the worker on this thread until the runtime ends, or another thread takes the core.
    pub(crate) fn run_until_shutdown(self) {
        let shared = self.shared.clone();
        context::enter_runtime(&shared, || {
            self.enter(|| {
                loop {
                    match self.step() {
                        Step::Ran { .. } | Step::PolledDriver => {}
                        Step::Slept => self.sleep(),
                        Step::LostCore | Step::Shutdown => break,
                    }
                }
                self.wake_deferred();
            });
        });
        leave_with(&shared, self.take_core());
    }
}
