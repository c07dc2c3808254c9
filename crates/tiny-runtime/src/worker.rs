//! A worker: what it runs next, one turn at a time.
//!
//! ```text
//!   each turn    every 61st: sockets and timers, without waiting
//!                at the interval of `tuning.rs`: the global queue first
//!                the LIFO slot, the local queue, a batch from the global queue, half of another's queue
//!   nothing?     yielded tasks come back after a turn of the driver; else sleep
//! ```
//!
//! One turn polls one task, and then those that the LIFO slot holds, which share its budget: three
//! such polls, and the slot is closed until the turn ends. So a message wakes its receiver onto a
//! warm cache, and a pair that talks for ever starves nobody.
//!
//! What a worker owns, its core, can be handed to another thread: `block_in_place` does. So what
//! belongs to the thread is a [`Worker`], and the rest is a [`Core`].
//!
//! A turn is a call of [`Worker::step`], and tells what it did. The threads of a runtime do nothing
//! else in a loop; a test can do it by hand.
//!
//! Contains `unsafe`: the thread's own pointer to its worker.
//!
//! Tokio's counterpart: `tokio/src/runtime/scheduler/multi_thread/worker.rs`.

use crate::coop;
use crate::queue::Local;
use crate::shared::{Config, Counters, Flavor, Shared};
use crate::sync::Arc;
use crate::sync::atomic::Ordering::Relaxed;
use crate::task::{self, Task};
use crate::tuning::Tuning;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ptr;
use std::task::Waker;
use std::time::Duration;

/// Polls from the LIFO slot in one turn, after which the slot is closed.
const LIFO_POLLS: u32 = 3;

/// So many times in a row a worker brings back its own tasks that have yielded before it steals. To
/// fetch a task from another's cache costs more than a poll.
const PATIENCE: u32 = 16;

/// What a worker did in one turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It polled a task from there, and then as many from the LIFO slot.
    Ran(Source, u32),
    /// It had nothing to run. Sockets and timers had their turn, and the tasks that had yielded are
    /// queued again.
    Turned,
    /// It had nothing to do, and counts as asleep. It sleeps until it is woken.
    Slept,
    /// The task it polled blocks in place: another thread has the worker's queues now.
    LostCore,
    /// The runtime ends.
    Ended,
}

/// Where a task was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    LifoSlot,
    Local,
    /// The global queue, which gave so many tasks; the others are in the local queue now.
    Global(usize),
    /// That worker, which lost so many tasks; the others are in the local queue now.
    Stolen(usize, u32),
}

/// What one thread at a time has of a worker. On cache lines of its own: it is written all the time.
#[repr(align(128))]
pub(crate) struct Core {
    /// Turns so far. The next two fields say at which turn something is due: cheaper than a division.
    tick: u32,
    next_look_at_events: u32,
    next_look_at_global: u32,
    pub(crate) lifo_slot: Option<Task>,
    lifo_open: bool,
    pub(crate) queue: Queue,
    searching: bool,
    /// How many more times it lets others' work wait for its own that has yielded.
    patience: u32,
    /// Inside the driver: who is woken there is queued first, and others are told afterwards.
    turning: bool,
    tuning: Tuning,
    polls: u64,
    random: u32,
    ended: bool,
}

/// A worker's own queue.
pub(crate) enum Queue {
    /// Of 256, to be stolen from.
    Ring(Local),
    /// Without end: there is nobody to steal, nor to take what overflows.
    Fifo(VecDeque<Task>),
}

/// A thread that works, or did until it blocked in place.
pub(crate) struct Worker {
    pub(crate) shared: Arc<Shared>,
    pub(crate) index: usize,
    /// Borrowed only for moments in which no task runs.
    pub(crate) core: RefCell<Option<Box<Core>>>,
    /// Tasks that have yielded. They come back after the next turn of the driver.
    deferred: RefCell<Vec<Deferred>>,
    /// The address of the task that this thread polls, or 0.
    running: Cell<usize>,
    /// It has yielded: it is to be deferred, not queued.
    yields: Cell<bool>,
}

enum Deferred {
    Task(Task),
    /// Of a future that is no task, but part of one that polls with wakers of its own.
    Waker(Waker),
}

thread_local! {
    static HERE: Cell<*const Worker> = const { Cell::new(ptr::null()) };
}

/// The worker that this thread is, if it is one.
#[inline]
pub(crate) fn with_worker<R>(use_it: impl FnOnce(Option<&Worker>) -> R) -> R {
    // SAFETY: null, or set by `Worker::enter`, which borrows the worker as long as it is set.
    use_it(unsafe { HERE.get().as_ref() })
}

/// Whether this thread is a worker of that runtime.
pub(crate) fn is_here(shared: &Shared) -> bool {
    with_worker(|worker| worker.is_some_and(|worker| ptr::eq(&*worker.shared, shared)))
}

/// Queues a task on this thread's worker: next, in its LIFO slot.
///
/// # Errors
///
/// Gives it back if this thread is no worker of that runtime, or has lost its core.
#[inline]
pub(crate) fn schedule(shared: &Shared, task: Task) -> Result<(), Task> {
    with_worker(|worker| match worker {
        Some(worker) if ptr::eq(&*worker.shared, shared) => worker.schedule(task),
        _ => Err(task),
    })
}

/// Whether the task that this thread polls has yielded.
#[inline]
pub(crate) fn has_yielded() -> bool {
    with_worker(|worker| worker.is_some_and(|worker| worker.yields.get()))
}

/// Queues the task that has just run: behind what is ready or, if it yields, after a turn of the
/// driver.
///
/// # Errors
///
/// As [`schedule`].
#[inline]
pub(crate) fn requeue(shared: &Shared, task: Task) -> Result<(), Task> {
    with_worker(|worker| match worker {
        Some(worker) if ptr::eq(&*worker.shared, shared) => worker.requeue(task),
        _ => Err(task),
    })
}

impl Worker {
    pub(crate) fn new(shared: Arc<Shared>, index: usize, core: Option<Box<Core>>) -> Self {
        let (core, deferred) = (RefCell::new(core), RefCell::default());
        let (running, yields) = (Cell::new(0), Cell::new(false));
        Self { shared, index, core, deferred, running, yields }
    }

    /// Makes this thread the worker while `work` runs.
    pub(crate) fn enter<R>(&self, work: impl FnOnce() -> R) -> R {
        struct Leave(*const Worker);
        impl Drop for Leave {
            fn drop(&mut self) {
                HERE.set(self.0);
            }
        }
        let _leave = Leave(HERE.replace(self));
        work()
    }

    /// False while the task that this thread runs blocks in place.
    fn has_core(&self) -> bool {
        self.core.borrow().is_some()
    }

    /// Which worker this thread is.
    pub(crate) fn index_here() -> usize {
        with_worker(|worker| worker.map_or(0, |worker| worker.index))
    }

    #[inline]
    fn schedule(&self, task: Task) -> Result<(), Task> {
        let mut core = self.core.borrow_mut();
        let Some(core) = core.as_deref_mut() else {
            return Err(task);
        };
        let back = if core.lifo_open { core.lifo_slot.replace(task) } else { Some(task) };
        // What is in the slot is this worker's own; what is in the queue is anyone's.
        if let Some(back) = back {
            self.push_back(core, back);
            if !core.turning {
                self.shared.wake_one();
            }
        }
        Ok(())
    }

    fn requeue(&self, task: Task) -> Result<(), Task> {
        let mut core = self.core.borrow_mut();
        let Some(core) = core.as_deref_mut() else {
            return Err(task);
        };
        if self.yields.take() {
            self.deferred.borrow_mut().push(Deferred::Task(task));
        } else {
            self.push_back(core, task);
            self.shared.wake_one();
        }
        Ok(())
    }

    pub(crate) fn push_back(&self, core: &mut Core, task: Task) {
        match &mut core.queue {
            Queue::Ring(ring) => ring.push(task, |overflow| {
                self.shared.inject.push_all(overflow);
                Counters::add(&self.shared.remotes[self.index].counters.overflows, 1);
            }),
            Queue::Fifo(queue) => queue.push_back(task),
        }
    }

    /// What this waker wakes is woken after the next turn of the driver, or now if this thread has
    /// lost its core.
    #[inline]
    pub(crate) fn defer(&self, waker: &Waker) {
        if !self.has_core() {
            waker.wake_by_ref();
        } else if task::is_of(waker, self.running.get()) {
            // No need to count it, nor to wake it: its runner asks.
            self.yields.set(true);
        } else {
            let mut deferred = self.deferred.borrow_mut();
            let known =
                |last: &Deferred| matches!(last, Deferred::Waker(last) if last.will_wake(waker));
            if !deferred.last().is_some_and(known) {
                deferred.push(Deferred::Waker(waker.clone()));
            }
        }
    }

    /// Brings back the tasks that have yielded.
    pub(crate) fn wake_deferred(&self) {
        while let Some(deferred) = { self.deferred.borrow_mut().pop() } {
            match deferred {
                Deferred::Waker(waker) => waker.wake(),
                Deferred::Task(task) => {
                    if let Err(task) = self.schedule(task) {
                        self.shared.inject.push(task);
                        self.shared.wake_one_from_outside();
                    }
                }
            }
        }
    }

    /// One turn.
    pub(crate) fn step(&self) -> Step {
        let mut core = self.core.borrow_mut();
        if core.as_deref_mut().is_some_and(|core| core.is_look_due(&self.shared.config)) {
            drop(core);
            self.turn(Some(Duration::ZERO));
            core = self.core.borrow_mut();
        }
        let Some(own) = core.as_deref_mut() else {
            return Step::LostCore;
        };
        if own.ended {
            return Step::Ended;
        }
        let Some((task, source)) = self.next_task(own).or_else(|| self.search(own)) else {
            drop(core);
            return self.without_work();
        };
        own.polls += 1;
        own.tuning.polled();
        let stops_searching = std::mem::take(&mut own.searching);
        drop(core);
        // The last searcher has a look for the next: is there more, or nobody to see to events?
        if stops_searching && self.shared.idle.stop_searching() {
            self.shared.wake_one_if_needed();
        }
        self.run(task, source)
    }

    /// The next task, from what is this worker's own, or everybody's.
    #[inline]
    fn next_task(&self, core: &mut Core) -> Option<(Task, Source)> {
        if core.tick == core.next_look_at_global {
            core.tuning.tune();
            core.next_look_at_global = core.tick.wrapping_add(core.tuning.interval());
            return self.next_global().or_else(|| core.next_own());
        }
        core.next_own().or_else(|| self.next_batch(core))
    }

    fn next_global(&self) -> Option<(Task, Source)> {
        let mut next = None;
        self.shared.inject.pop(1, |task| next = Some(task));
        next.map(|task| (task, Source::Global(1)))
    }

    /// This worker's share of the global queue: the first is returned, the others queued.
    fn next_batch(&self, core: &mut Core) -> Option<(Task, Source)> {
        let Queue::Ring(ring) = &mut core.queue else {
            return self.next_global();
        };
        let share = self.shared.inject.len() / self.shared.config.workers + 1;
        // No more than half the ring: what comes from there must not overflow back there.
        let count = share.min(ring.free().min(crate::queue::CAPACITY / 2) as usize).max(1);
        let mut next = None;
        let mut taken = 0;
        self.shared.inject.pop(count, |task| {
            taken += 1;
            if next.is_none() {
                next = Some(task);
            } else {
                ring.push(task, |_| unreachable!("there is room: others only take"));
            }
        });
        next.map(|task| (task, Source::Global(taken)))
    }

    /// Steals half of what another worker has, or takes a task that has just come from outside.
    fn search(&self, core: &mut Core) -> Option<(Task, Source)> {
        if !core.searching {
            // It has work that has only yielded, and is in its cache.
            let yielded = !self.deferred.borrow().is_empty();
            core.patience = if yielded { core.patience.saturating_sub(1) } else { 0 };
            if core.patience > 0 || yielded && !self.shared.has_work() {
                return None;
            }
            core.patience = PATIENCE;
            core.searching = self.shared.idle.start_searching();
        }
        core.tuning.end();
        let found = if core.searching { self.steal(core) } else { None };
        if found.is_some() {
            core.tuning.begin();
        }
        found
    }

    fn steal(&self, core: &mut Core) -> Option<(Task, Source)> {
        let Queue::Ring(ring) = &mut core.queue else {
            return None; // it is alone
        };
        let workers = self.shared.remotes.len();
        core.random = xorshift(core.random);
        let first = core.random as usize % workers;
        for victim in (first..workers).chain(0..first).filter(|victim| *victim != self.index) {
            if let Some((task, count)) = self.shared.remotes[victim].stealer.steal_into(ring) {
                let counters = &self.shared.remotes[self.index].counters;
                Counters::add(&counters.steals, 1);
                Counters::add(&counters.stolen, count.into());
                return Some((task, Source::Stolen(victim, count)));
            }
        }
        self.next_global()
    }

    /// Polls the task, and then what the LIFO slot holds.
    fn run(&self, task: Task, source: Source) -> Step {
        coop::budget(|| {
            self.poll(task);
            let mut polls = 0;
            loop {
                let task = {
                    let mut core = self.core.borrow_mut();
                    let Some(core) = core.as_deref_mut() else {
                        return Step::LostCore;
                    };
                    let Some(task) = core.lifo_slot.take() else {
                        core.lifo_open = self.shared.config.lifo_slot;
                        return Step::Ran(source, polls);
                    };
                    if !coop::is_left() {
                        self.push_back(core, task);
                        return Step::Ran(source, polls);
                    }
                    polls += 1;
                    core.lifo_open &= polls < LIFO_POLLS;
                    task
                };
                self.poll(task);
            }
        })
    }

    #[inline]
    fn poll(&self, task: Task) {
        self.running.set(task.address());
        self.yields.set(false);
        task.run();
        self.running.set(0);
    }

    fn without_work(&self) -> Step {
        if !self.deferred.borrow().is_empty() {
            self.turn(Some(Duration::ZERO));
            return Step::Turned;
        }
        if self.shared.config.flavor == Flavor::MultiThread {
            self.fall_asleep();
        }
        Step::Slept
    }

    /// Counts this worker as asleep. It has looked everywhere.
    fn fall_asleep(&self) {
        let searched = {
            let mut core = self.core.borrow_mut();
            let core = core.as_deref_mut().expect("no task runs");
            debug_assert!(!core.has_work(), "nobody else puts anything there");
            std::mem::take(&mut core.searching)
        };
        if self.shared.idle.go_to_sleep(self.index, searched) {
            self.shared.wake_one_if_there_is_work();
        }
    }

    /// Sleeps until there is something to do.
    pub(crate) fn sleep(&self) {
        while !self.wake_up(None) {}
    }

    /// Waits in the driver or on the condition variable, and says whether the worker is awake then.
    pub(crate) fn wake_up(&self, wait: Option<Duration>) -> bool {
        self.turn(wait);
        let mut core = self.core.borrow_mut();
        let core = core.as_deref_mut().expect("no task runs");
        let idle = &self.shared.idle;
        if core.has_work() {
            // Sockets or timers brought it. Who was woken besides searches.
            core.searching = !idle.wake_oneself(self.index);
        } else if idle.sleeps(self.index) {
            return core.ended && idle.wake_oneself(self.index);
        } else {
            core.searching = true;
        }
        core.tuning.begin();
        true
    }

    /// Gives sockets and timers a turn: without waiting, or until something happens or a wake-up.
    pub(crate) fn turn(&self, wait: Option<Duration>) {
        let shared = &*self.shared;
        self.set_turning(true);
        match wait {
            // A yield costs such a turn: it asks only if there is a socket, or a timer.
            Some(_) if shared.registry.is_empty() && shared.timers.is_empty() => {}
            Some(_) => shared.driver.try_turn(wait),
            None => shared.remotes[self.index].parker.park(),
        }
        self.wake_deferred();
        if self.set_turning(false) {
            shared.wake_one();
        }
    }

    /// True if there is work for others at the end of the turn.
    fn set_turning(&self, turning: bool) -> bool {
        let mut core = self.core.borrow_mut();
        let core = core.as_deref_mut().expect("no task runs");
        core.turning = turning;
        core.ended = self.shared.inject.is_closed();
        self.shared.remotes[self.index].counters.polls.store(core.polls, Relaxed);
        !core.searching && usize::from(core.lifo_slot.is_some()) + core.queue.len() > 1
    }
}

impl Core {
    /// Counts the turn. Current thread: `block_on` counts its own, since its future is to have its
    /// turn as well.
    #[inline]
    fn is_look_due(&mut self, config: &Config) -> bool {
        self.tick = self.tick.wrapping_add(1);
        if self.tick != self.next_look_at_events || config.flavor == Flavor::CurrentThread {
            return false;
        }
        self.next_look_at_events = self.tick.wrapping_add(config.event_interval);
        self.tuning.end();
        self.tuning.begin();
        true
    }

    pub(crate) fn new(shared: &Config, index: usize, queue: Queue) -> Box<Self> {
        let interval = match shared.flavor {
            Flavor::MultiThread => shared.global_queue_interval,
            Flavor::CurrentThread => Some(shared.global_queue_interval.unwrap_or(31)),
        };
        let tuning = Tuning::new(interval);
        Box::new(Self {
            tick: 0,
            next_look_at_events: shared.event_interval,
            next_look_at_global: tuning.interval(),
            lifo_slot: None,
            lifo_open: shared.lifo_slot,
            queue,
            searching: false,
            patience: 0,
            turning: false,
            tuning,
            polls: 0,
            random: 0x9E37_79B9 ^ (index as u32 + 1),
            ended: false,
        })
    }

    #[inline]
    fn next_own(&mut self) -> Option<(Task, Source)> {
        if let Some(task) = self.lifo_slot.take() {
            return Some((task, Source::LifoSlot));
        }
        self.queue.pop().map(|task| (task, Source::Local))
    }

    pub(crate) fn has_work(&self) -> bool {
        self.lifo_slot.is_some() || self.queue.len() > 0
    }
}

impl Queue {
    #[inline]
    pub(crate) fn pop(&mut self) -> Option<Task> {
        match self {
            Self::Ring(ring) => ring.pop(),
            Self::Fifo(queue) => queue.pop_front(),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Ring(ring) => ring.len() as usize,
            Self::Fifo(queue) => queue.len(),
        }
    }
}

/// Marsaglia's generator: enough to spread the thieves.
fn xorshift(mut n: u32) -> u32 {
    n ^= n << 13;
    n ^= n >> 17;
    n ^ n << 5
}
