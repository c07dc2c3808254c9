//! The acts of foreign code on the runtime that runs it.

use super::rt::{
    runtime::{Handle, Runtime},
    task::{self, AbortHandle},
    time,
};

use super::driving::let_all_run;
use super::{Event, Flavor};
use std::future::{Future, poll_fn};
use std::panic::{panic_any, resume_unwind};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Act {
    Panics,
    /// With what panics as it is dropped.
    PanicsWithABomb,
    Wakes,
    Spawns,
    AbortsItself,
    DropsTheRuntime,
    BlocksOn,
    BlocksInPlace,
    /// Takes every lock there is, and comes back to the very object.
    ComesBack,
}

impl Act {
    pub const ALL: [Self; 9] = [
        Self::Panics,
        Self::PanicsWithABomb,
        Self::Wakes,
        Self::Spawns,
        Self::AbortsItself,
        Self::DropsTheRuntime,
        Self::BlocksOn,
        Self::BlocksInPlace,
        Self::ComesBack,
    ];
}

/// A runtime, and the foreign code that it runs. Each foreign value holds a reference.
pub struct World {
    pub act: Act,
    acts_at: &'static [Event],
    pub flavor: Flavor,
    runtime: Mutex<Option<Arc<Runtime>>>,
    pub handle: Handle,
    acted: AtomicUsize,
    spawned: AtomicUsize,
    ran: AtomicUsize,
    /// Of a task that waits beside.
    waker: Mutex<Option<Waker>>,
    /// The task that the foreign code belongs to.
    target: Mutex<Option<AbortHandle>>,
    /// The object that the foreign code is of.
    come_back: Mutex<Option<Arc<dyn Fn() + Send + Sync>>>,
    once: AtomicBool,
    pub woken: AtomicBool,
}

struct Bomb;

/// Runs, or is dropped if its runtime has ended.
struct Spawned(Arc<World>);

impl Drop for Spawned {
    fn drop(&mut self) {
        self.0.ran.fetch_add(1, SeqCst);
    }
}

impl Drop for Bomb {
    fn drop(&mut self) {
        resume_unwind(Box::new("on purpose: in the payload of a panic"));
    }
}

impl World {
    pub fn new(act: Act, acts_at: &'static [Event], flavor: Flavor) -> Arc<Self> {
        let runtime = flavor.build();
        let world = Arc::new(Self {
            act,
            acts_at,
            flavor,
            handle: runtime.handle().clone(),
            runtime: Mutex::new(Some(Arc::new(runtime))),
            acted: AtomicUsize::new(0),
            spawned: AtomicUsize::new(0),
            ran: AtomicUsize::new(0),
            waker: Mutex::new(None),
            target: Mutex::new(None),
            come_back: Mutex::new(None),
            once: AtomicBool::new(false),
            woken: AtomicBool::new(false),
        });
        let beside = world.clone();
        let waits = poll_fn(move |cx| {
            *beside.waker.lock().unwrap() = Some(cx.waker().clone());
            Poll::<()>::Pending
        });
        let waits = world.handle.spawn(waits);
        world.set_target(waits.abort_handle());
        assert_eq!(world.drive(let_all_run()), Ok(()));
        world
    }

    pub fn set_target(&self, target: AbortHandle) {
        *self.target.lock().unwrap() = Some(target);
    }

    pub fn set_come_back(&self, come_back: impl Fn() + Send + Sync + 'static) {
        *self.come_back.lock().unwrap() = Some(Arc::new(come_back));
    }

    pub fn has_acted(&self) -> bool {
        self.acted.load(SeqCst) > 0
    }

    pub fn all_have_run(&self) -> bool {
        self.ran.load(SeqCst) == self.spawned.load(SeqCst)
    }

    pub fn has_runtime(&self) -> bool {
        self.runtime.lock().unwrap().is_some()
    }

    pub fn runtime(&self) -> Option<Arc<Runtime>> {
        self.runtime.lock().unwrap().clone()
    }

    /// Ends the runtime, and lets go of all that is kept for the acts.
    pub fn end(&self) {
        self.drop_runtime();
        let kept =
            (self.waker.lock().unwrap().take(), self.target.lock().unwrap().take(), self.take());
        drop(kept);
    }

    fn take(&self) -> Option<Arc<dyn Fn() + Send + Sync>> {
        self.come_back.lock().unwrap().take()
    }

    pub fn drop_runtime(&self) {
        let runtime = self.runtime.lock().unwrap().take();
        drop(runtime);
    }

    /// Runs a task to its end.
    /// Foreign code runs.
    pub fn foreign(self: &Arc<Self>, event: Event) {
        self.woken.fetch_or(event == Event::Wake, SeqCst);
        let is_drop_by_panic = event == Event::Drop && thread::panicking();
        let event = if is_drop_by_panic { Event::DropByPanic } else { event };
        if !self.acts_at.contains(&event) {
            return;
        }
        if !self.is_a_panic() && self.once.swap(true, SeqCst) {
            return;
        }
        self.acted.fetch_add(1, SeqCst);
        self.perform();
    }

    pub fn is_a_panic(&self) -> bool {
        matches!(self.act, Act::Panics | Act::PanicsWithABomb)
    }

    pub fn perform(self: &Arc<Self>) {
        match self.act {
            Act::Panics => resume_unwind(Box::new("on purpose")),
            Act::PanicsWithABomb => panic_any(Bomb),
            Act::Wakes => {
                let waker = self.waker.lock().unwrap().clone();
                waker.into_iter().for_each(Waker::wake);
            }
            Act::Spawns => self.spawn(),
            Act::AbortsItself => {
                let target = self.target.lock().unwrap().take();
                target.into_iter().for_each(|target| target.abort());
            }
            Act::DropsTheRuntime => self.drop_runtime(),
            Act::BlocksOn => self.handle.block_on(async {}),
            Act::BlocksInPlace => task::block_in_place(thread::yield_now),
            Act::ComesBack => {
                let come_back = self.come_back.lock().unwrap().clone();
                come_back.into_iter().for_each(|come_back| come_back());
                self.take_every_lock();
            }
        }
    }

    fn spawn(self: &Arc<Self>) {
        self.spawned.fetch_add(1, SeqCst);
        let spawned = Spawned(self.clone());
        drop(self.handle.spawn(async move { drop(spawned) }));
    }

    fn take_every_lock(self: &Arc<Self>) {
        let _entered = self.handle.enter();
        let _tasks = self.handle.metrics().global_queue_depth();
        self.spawn();
        drop(self.handle.spawn_blocking(|| ()));
        let mut cx = Context::from_waker(Waker::noop());
        let mut yields = pin!(task::yield_now());
        assert!(yields.as_mut().poll(&mut cx).is_pending());
        if self.has_runtime() {
            let hour = Duration::from_secs(3600);
            let mut sleep = pin!(time::sleep(hour));
            assert!(sleep.as_mut().poll(&mut cx).is_pending());
            sleep.as_mut().reset(time::Instant::now() + 2 * hour);
        }
    }
}
