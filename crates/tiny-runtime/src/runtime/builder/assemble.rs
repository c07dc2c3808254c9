//! All parts of a runtime, made and put together: what the workers share, and a core for each.

use super::Builder;
use crate::runtime::blocking::pool::Pool;
use crate::runtime::driver::Driver;
use crate::runtime::io::reactor::{Reactor, Registry};
use crate::runtime::park::{Parker, SharedDriver};
use crate::runtime::scheduler::config::{Config, Flavor};
use crate::runtime::scheduler::core::{Core, Queue};
use crate::runtime::scheduler::idle::Idle;
use crate::runtime::scheduler::inject::Inject;
use crate::runtime::scheduler::shared::{Remote, Shared};
use crate::runtime::scheduler::waiting_tasks::WaitingTasks;
use crate::runtime::scheduler::{lifo_slot, queue};
use crate::runtime::time::clock::Clock;
use crate::runtime::time::running;
use crate::runtime::time::timers::Timers;
use crate::sync::atomic::{AtomicBool, AtomicUsize};
use crate::sync::{Arc, CachePadded, Mutex, thread};
use std::collections::VecDeque;
use std::io;

impl Builder {
    pub(super) fn assemble(
        &self,
        home: Option<thread::ThreadId>,
    ) -> io::Result<(Arc<Shared>, Vec<Core>)> {
        let is_current_thread = self.flavor == Flavor::CurrentThread;
        assert!(
            !self.paused || is_current_thread,
            "`start_paused` requires the current-thread flavor"
        );
        let (reactor, registry) = Reactor::new()?;
        let alarm = {
            let registry = registry.clone();
            move || registry.interrupt()
        };
        let clock = Clock::new(is_current_thread, self.paused);
        let timers = Arc::new(Timers::new(clock, Box::new(alarm.clone())));
        running::add(&timers);
        let driver = Driver { reactor, timers: timers.clone() };
        let driver = Arc::new(SharedDriver::new(Box::new(driver), Box::new(alarm)));
        Ok(self.put_together(home, driver, timers, registry))
    }

    /// Makes what the workers share, around a driver, and a core for each.
    pub(crate) fn put_together(
        &self,
        home: Option<thread::ThreadId>,
        driver: Arc<SharedDriver>,
        timers: Arc<Timers>,
        registry: Arc<Registry>,
    ) -> (Arc<Shared>, Vec<Core>) {
        let workers = match self.flavor {
            Flavor::CurrentThread => 1,
            Flavor::MultiThread => match self.workers {
                Some(workers) => workers,
                None => std::thread::available_parallelism().map_or(1, usize::from),
            },
        };
        let is_current_thread = self.flavor == Flavor::CurrentThread;
        let config = Config {
            flavor: self.flavor,
            workers,
            event_interval: self.event_interval,
            global_queue_interval: self.global_queue_interval,
            lifo_slot: self.lifo_slot,
            home,
        };

        let (locals, remotes): (Vec<_>, Vec<_>) = (0..workers)
            .map(|_| {
                let (local, stealer) = queue::new(0);
                let (own_slot, lifo_slot) = lifo_slot::new();
                let parker = Parker::new(Some(driver.clone()));
                let (handoff, counters) = (Mutex::new(None), CachePadded::default());
                let remote = Remote { stealer, lifo_slot, parker, handoff, counters };
                ((local, own_slot), CachePadded(remote))
            })
            .unzip();
        let queue = |local| {
            if is_current_thread { Queue::Fifo(VecDeque::new()) } else { Queue::Ring(local) }
        };
        let core = |(index, (local, slot))| Core::new(&config, index, queue(local), slot);
        let cores = locals.into_iter().enumerate().map(core).collect();

        let shared = Shared {
            config: CachePadded(config),
            inject: CachePadded(Inject::new()),
            waiting_tasks: WaitingTasks::new(workers),
            idle: CachePadded(Idle::new(workers)),
            remotes: remotes.into(),
            driver,
            timers,
            registry,
            pool: Pool::new(
                self.max_blocking_threads,
                self.keep_alive,
                self.thread_name.clone(),
                self.stack_size,
            ),
            blocking_in_flight: AtomicUsize::new(0),
            active_threads: AtomicUsize::new(workers),
            shutdown_cores: Mutex::new(Vec::new()),
            undertaker: Parker::new(None),
            root_woken: AtomicBool::new(false),
            wait_for_core: Mutex::new(Vec::new()),
        };
        (Arc::new(shared), cores)
    }
}
