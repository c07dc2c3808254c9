//! The driver: sockets and timers behind one wait.
//!
//! The kernel waits for sockets until the next timer is due. That is why one worker at a time can
//! sleep in it, and why nothing is due while no worker asks.
//!
//! Tokio's counterpart: `tokio/src/runtime/driver.rs`.

use crate::runtime::io::reactor::Reactor;
use crate::runtime::park;
use crate::runtime::time::timers::Timers;
use crate::sync::Arc;
use std::time::Duration;

pub(crate) struct Driver {
    pub(crate) reactor: Reactor,
    pub(crate) timers: Arc<Timers>,
}

impl park::Driver for Driver {
    fn poll(&mut self, timeout: Option<Duration>) {
        let wait = match (timeout, self.timers.timeout()) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (one, other) => one.or(other),
        };
        // A signal's interruption is no error; what is left is a descriptor that is not ours any more.
        self.reactor.poll(wait).expect("the reactor's own descriptor is open");
        self.timers.process();
    }
}
