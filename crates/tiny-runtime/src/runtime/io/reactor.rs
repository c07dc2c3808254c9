//! The kernel's reports: one thread at a time waits for them, and passes them on to the sockets.
//!
//! A socket is registered once, for both directions, and edge-triggered: from then on waiting costs
//! no system call, only a waker in its [`ScheduledIo`].
//!
//! The `Reactor` belongs to whoever turns it; the `Registry` to everybody. A report comes with the
//! token that the socket was registered under, and the registry's slab leads from token to socket.
//!
//! Invariants:
//! - A token names a slot of the slab *and its generation*, so a report fetched before its socket
//!   was dropped is not taken for one about the next tenant of the slot, to whom it might say
//!   "connected" or "hung up".
//! - One turn takes one lock of the slab for all its reports, and wakes behind it.
//! - After `shutdown` there is nothing in the slab, and nothing is taken in.
//!
//! Tokio's counterpart: `tokio/src/runtime/io/driver.rs` and `registration_set.rs`. There the token
//! is the address of the `ScheduledIo`, which costs no lock but `unsafe`, and a list of those whose
//! release has to wait for the next turn.

use crate::foreign::{ForeignWaker, wake_all};
use crate::runtime::io::readiness::{READ_CLOSED, READABLE, WRITABLE, WRITE_CLOSED};
use crate::runtime::io::scheduled_io::ScheduledIo;
use crate::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use crate::sync::{Arc, Mutex, lock};
use mio::event::{Event, Source};
use mio::{Events, Interest, Poll, Token};
use slab::Slab;
use std::io::{Error, ErrorKind, Result};
use std::time::Duration;

/// How many reports one turn takes. The kernel keeps the others for the next.
const EVENTS: usize = 1024;

/// No socket's: the slab would have to be full.
const INTERRUPT: Token = Token(usize::MAX);

/// A token is half slot, half generation.
const SLOT_BITS: u32 = usize::BITS / 2;

pub(crate) struct Reactor {
    poll: Poll,
    events: Events,
    registry: Arc<Registry>,
    /// Empty between turns; kept for its memory.
    woken: Vec<ForeignWaker>,
}

pub(crate) struct Registry {
    selector: mio::Registry,
    interrupt: mio::Waker,
    sockets: Mutex<Sockets>,
    /// How many there are: written under their lock.
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

    /// Waits until there is a report, an interruption, or `timeout` is over (None: for ever), then
    /// wakes whom the reports concern. May return early.
    ///
    /// # Errors
    ///
    /// Those of the kernel, except for interruption by a signal, which is no error.
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
    // An error concerns both directions: a datagram that was refused is told to him who receives.
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
    /// Whether there are no sockets.
    pub(crate) fn is_empty(&self) -> bool {
        self.len.load(Relaxed) == 0
    }

    /// Has the kernel report both directions of `source` from now on.
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

    /// Has the kernel forget `source`. Closing it is not enough: its descriptor may have
    /// duplicates.
    pub(crate) fn deregister(&self, source: &mut impl Source, token: Token) {
        // If the kernel does not know it, so much the better.
        let _ = self.selector.deregister(source);
        // Its wakers may be the last owners of tasks with sockets: dropped behind the lock.
        let _removed = self.remove(token);
    }

    fn remove(&self, token: Token) -> Option<Entry> {
        let mut sockets = lock(&self.sockets);
        let removed = sockets.remove(token);
        self.len.store(sockets.slab.len(), Relaxed);
        removed
    }

    /// Ends the turn that is under way, or else the next.
    pub(crate) fn interrupt(&self) {
        // On an open descriptor of our own nothing can fail; unnoticed it would be a lost wake-up.
        self.interrupt.wake().expect("the reactor's own descriptor is open");
    }

    /// Every operation on these sockets ends with an error, those that wait and those to come.
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
