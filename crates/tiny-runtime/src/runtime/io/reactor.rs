//! The kernel's reports: one thread at a time waits for them, and passes them on to the sockets.
//!
//! A socket is registered once, for both directions, and edge-triggered. From then on a wait costs no
//! system call, only a waker in its [`ScheduledIo`].
//!
//! The `Reactor` belongs to the thread that polls the driver; the `Registry` is shared. A report comes with
//! the token of its socket, and the registry's slab leads from the token to the socket.
//!
//! Invariants:
//! - A token names a slot of the slab *and its generation*. So a report that was fetched before its socket
//!   was dropped is not taken for a report about the next socket in that slot.
//! - A driver poll locks the slab once for all its reports, and wakes after that.
//! - After `shutdown` the slab is empty, and takes nothing in.
//!
//! | access | pairs with | a weaker ordering would lose |
//! |---|---|---|
//! | `len`, written under the lock of `sockets`, and read by `is_empty` without it: `Relaxed` | – | nothing: a hint. A worker that reads an old 0 skips a driver poll, or looks for tasks some microseconds longer; before it sleeps, it or another worker parks in the driver, which asks the kernel |
//!
//! Tokio's counterpart: `tokio/src/runtime/io/driver.rs` and `registration_set.rs`. There the token is the
//! address of the `ScheduledIo`. That needs `unsafe` instead of a lock, and a list of sockets whose memory
//! has to wait for the next driver poll.

use crate::foreign::ForeignWaker;
use crate::runtime::io::readiness::{READ_CLOSED, READABLE, WRITABLE, WRITE_CLOSED};
use crate::runtime::io::scheduled_io::ScheduledIo;
use crate::runtime::task::wake_all;
use crate::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use crate::sync::{Arc, Mutex, lock};
use mio::event::{Event, Source};
use mio::{Events, Interest, Poll, Token};
use slab::Slab;
use std::io::{Error, ErrorKind, Result};
use std::time::Duration;

/// The number of reports that one driver poll takes. The kernel keeps the others for the next poll.
const EVENTS: usize = 1024;

/// The token of an interruption. No socket has it, unless the slab is full.
const INTERRUPT: Token = Token(usize::MAX);

/// A token is half slot, half generation.
const SLOT_BITS: u32 = usize::BITS / 2;

pub(crate) struct Reactor {
    poll: Poll,
    events: Events,
    registry: Arc<Registry>,
    /// Empty between two polls. It is kept for its memory.
    woken: Vec<ForeignWaker>,
}

pub(crate) struct Registry {
    selector: mio::Registry,
    interrupt: mio::Waker,
    sockets: Mutex<Sockets>,
    /// The number of sockets. Written under their lock.
    len: AtomicUsize,
}

#[derive(Default)]
struct Sockets {
    slab: Slab<Entry>,
    generation: usize,
    shutdown: bool,
}

struct Entry {
    token: Token,
    io: Arc<ScheduledIo>,
}

impl Reactor {
    /// Returns a reactor and its registry.
    ///
    /// # Errors
    ///
    /// If the kernel has no file descriptors left: it takes three.
    pub(crate) fn new() -> Result<(Self, Arc<Registry>)> {
        let poll = Poll::new()?;
        let registry = Arc::new(Registry {
            selector: poll.registry().try_clone()?,
            interrupt: mio::Waker::new(poll.registry(), INTERRUPT)?,
            sockets: Mutex::default(),
            len: AtomicUsize::new(0),
        });
        let events = Events::with_capacity(EVENTS);
        Ok((Self { poll, events, registry: registry.clone(), woken: Vec::new() }, registry))
    }

    /// Waits for a report or an interruption, for at most `timeout`, and wakes the tasks that wait for what
    /// was reported. May return early.
    ///
    /// # Errors
    ///
    /// Those of the kernel. An interruption by a signal is none.
    pub(crate) fn poll(&mut self, timeout: Option<Duration>) -> Result<()> {
        match self.poll.poll(&mut self.events, timeout) {
            Err(error) if error.kind() == ErrorKind::Interrupted => return Ok(()),
            result => result?,
        }
        if !self.events.is_empty() {
            let sockets = lock(&self.registry.sockets);
            for event in &self.events {
                if let Some(io) = sockets.get(event.token()) {
                    io.set_readiness(readiness(event), &mut self.woken);
                }
            }
        }
        wake_all(self.woken.drain(..));
        Ok(())
    }
}

fn readiness(event: &Event) -> u32 {
    // An error concerns both directions: the receiver hears that a datagram was refused.
    let error = event.is_error();
    [
        (event.is_readable() || error, READABLE),
        (event.is_writable() || error, WRITABLE),
        (event.is_read_closed(), READ_CLOSED),
        (event.is_write_closed(), WRITE_CLOSED),
    ]
    .into_iter()
    .fold(0, |ready, (is, bit)| if is { ready | bit } else { ready })
}

impl Registry {
    /// Returns whether there are no sockets. A hint.
    pub(crate) fn is_empty(&self) -> bool {
        self.len.load(Relaxed) == 0
    }

    /// Makes the kernel report both directions of `source` from now on.
    ///
    /// # Errors
    ///
    /// After `shutdown`, and if the kernel refuses.
    pub(crate) fn register(&self, source: &mut impl Source) -> Result<(Token, Arc<ScheduledIo>)> {
        let io = Arc::new(ScheduledIo::default());
        let token = {
            let mut sockets = lock(&self.sockets);
            let token = sockets.insert(io.clone())?;
            self.len.store(sockets.slab.len(), Relaxed);
            token
        };
        let both = Interest::READABLE | Interest::WRITABLE;
        if let Err(error) = self.selector.register(source, token, both) {
            self.remove(token);
            return Err(error);
        }
        Ok((token, io))
    }

    /// Makes the kernel forget `source`. To close it is not enough: its descriptor may have duplicates.
    pub(crate) fn deregister(&self, source: &mut impl Source, token: Token) {
        // It fails if the kernel does not know it, and that is the aim.
        let _ = self.selector.deregister(source);
        // Its wakers may be the last owners of tasks with sockets. They are dropped after the lock is free.
        let _removed = self.remove(token);
    }

    fn remove(&self, token: Token) -> Option<Entry> {
        let mut sockets = lock(&self.sockets);
        let removed = sockets.remove(token);
        self.len.store(sockets.slab.len(), Relaxed);
        removed
    }

    /// Ends the poll that runs, or else the next one.
    pub(crate) fn interrupt(&self) {
        // It cannot fail on an open descriptor of our own. An ignored error would be a lost wake-up.
        self.interrupt.wake().expect("the reactor's own descriptor is open");
    }

    /// Ends every operation on these sockets with an error, those that wait and those to come.
    pub(crate) fn shutdown(&self) {
        let slab = {
            let mut sockets = lock(&self.sockets);
            sockets.shutdown = true;
            std::mem::take(&mut sockets.slab)
        };
        let mut woken = Vec::new();
        for (_slot, entry) in slab {
            entry.io.shutdown(&mut woken);
        }
        wake_all(woken.into_iter());
    }
}

impl Sockets {
    fn get(&self, token: Token) -> Option<&ScheduledIo> {
        let entry = self.slab.get(slot(token))?;
        (entry.token == token).then_some(&entry.io)
    }

    fn insert(&mut self, io: Arc<ScheduledIo>) -> Result<Token> {
        if self.shutdown {
            return Err(Error::other("the runtime is shutting down"));
        }
        self.generation = self.generation.wrapping_add(1);
        let vacant = self.slab.vacant_entry();
        let token = Token(self.generation << SLOT_BITS | vacant.key());
        vacant.insert(Entry { token, io });
        Ok(token)
    }

    fn remove(&mut self, token: Token) -> Option<Entry> {
        self.get(token)?;
        self.slab.try_remove(slot(token))
    }
}

fn slot(token: Token) -> usize {
    token.0 & (usize::MAX >> SLOT_BITS)
}

#[cfg(all(test, not(loom)))]
mod tests;
