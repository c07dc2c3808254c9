//! The driver: sockets and timers behind one wait.
//!
//! The kernel waits for sockets until the next timer is due. So one worker at a time can sleep in the
//! driver, and no timer fires while no worker polls it.
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
        // The only other error is a descriptor that somebody has closed.
        self.reactor.poll(wait).expect("the reactor's own descriptor is open");
        self.timers.process();
    }
}
