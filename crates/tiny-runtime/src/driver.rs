//! The driver: sockets and timers behind one wait.
//!
//! The kernel waits for sockets until the next timer is due. That is why one worker at a time can
//! sleep in it, and why nothing is due while no worker asks.
//!
//! Tokio's counterpart: `tokio/src/runtime/driver.rs`.

use crate::park;
use crate::reactor::Reactor;
use crate::sync::Arc;
use crate::timers::Timers;
use std::time::Duration;

pub(crate) struct Driver {
    pub(crate) reactor: Reactor,
    pub(crate) timers: Arc<Timers>,
}

impl park::Driver for Driver {
    fn turn(&mut self, timeout: Option<Duration>) {
        if timeout == Some(Duration::ZERO) {
            return self.look();
        }
        let due = self.timers.timeout();
        let wait = match (timeout, due) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (one, other) => one.or(other),
        };
        self.ask_the_kernel(wait);
        self.timers.process();
    }
}

impl Driver {
    /// A turn in passing. A yield costs one, so it asks the kernel and the clock only if there is a
    /// socket, or a timer.
    fn look(&mut self) {
        if self.reactor.has_sockets() {
            self.ask_the_kernel(Some(Duration::ZERO));
        }
        if !self.timers.is_empty() {
            self.timers.process();
        }
    }

    fn ask_the_kernel(&mut self, wait: Option<Duration>) {
        // A signal's interruption is none; what is left is a descriptor that is not ours any more.
        self.reactor.turn(wait).expect("the reactor's own descriptor is open");
    }
}
