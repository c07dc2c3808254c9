//! The settings, one method each.
//!
//! Tokio's counterpart: `tokio/src/runtime/builder.rs`.

use super::Builder;
use crate::runtime::scheduler::config::Flavor;
use std::time::Duration;

impl Builder {
    /// Returns the settings of a runtime whose workers have threads of their own: one worker for each core
    /// of the machine.
    ///
    /// ```
    /// use tiny_runtime::runtime::Builder;
    ///
    /// let runtime = Builder::new_multi_thread().worker_threads(2).build()?;
    /// assert_eq!(runtime.metrics().num_workers(), 2);
    /// # std::io::Result::Ok(())
    /// ```
    pub fn new_multi_thread() -> Self {
        Self {
            flavor: Flavor::MultiThread,
            workers: None,
            max_blocking_threads: 512,
            keep_alive: Duration::from_secs(10),
            thread_name: "tiny-runtime".into(),
            stack_size: None,
            event_interval: 61,
            global_queue_interval: None,
            lifo_slot: true,
            paused: false,
        }
    }

    /// Returns the settings of a runtime without worker threads: the thread that calls
    /// [`block_on`](crate::runtime::Runtime::block_on) runs the tasks meanwhile.
    ///
    /// ```
    /// use std::thread::current;
    /// use tiny_runtime::{runtime::Builder, task::spawn};
    ///
    /// let runtime = Builder::new_current_thread().build()?;
    /// let thread = runtime.block_on(async { spawn(async { current().id() }).await });
    /// assert_eq!(thread?, current().id());
    /// # std::io::Result::Ok(())
    /// ```
    pub fn new_current_thread() -> Self {
        let lifo_slot = false;
        Self { flavor: Flavor::CurrentThread, lifo_slot, ..Self::new_multi_thread() }
    }

    /// Sets the number of workers. The current-thread flavor always has one.
    ///
    /// ```
    /// use tiny_runtime::runtime::Builder;
    ///
    /// let runtime = Builder::new_multi_thread().worker_threads(3).build()?;
    /// assert_eq!(runtime.metrics().num_workers(), 3);
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Panics
    ///
    /// If it is zero.
    #[track_caller]
    pub fn worker_threads(&mut self, workers: usize) -> &mut Self {
        assert!(workers > 0, "Worker threads cannot be set to 0");
        self.workers = Some(workers);
        self
    }

    /// Sets how many threads beside the workers run blocking closures, at most. The default is 512.
    ///
    /// ```
    /// use tiny_runtime::runtime::Builder;
    ///
    /// let runtime = Builder::new_current_thread().max_blocking_threads(1).build()?;
    /// let closures: Vec<_> = (0..3).map(|n| runtime.spawn_blocking(move || n)).collect();
    /// runtime.block_on(async { for closure in closures { closure.await.unwrap(); } });
    /// assert!(runtime.metrics().num_blocking_threads() <= 1);
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Panics
    ///
    /// If it is zero.
    #[track_caller]
    pub fn max_blocking_threads(&mut self, threads: usize) -> &mut Self {
        assert!(threads > 0, "Max blocking threads cannot be set to 0");
        self.max_blocking_threads = threads;
        self
    }

    /// Sets how long a thread for blocking closures waits for its next closure before it ends. The default
    /// is ten seconds.
    ///
    /// ```
    /// use std::time::Duration;
    /// use tiny_runtime::runtime::Builder;
    ///
    /// let runtime = Builder::new_current_thread().thread_keep_alive(Duration::ZERO).build()?;
    /// assert_eq!(runtime.block_on(runtime.spawn_blocking(|| 1))?, 1);
    /// # std::io::Result::Ok(())
    /// ```
    pub fn thread_keep_alive(&mut self, keep_alive: Duration) -> &mut Self {
        self.keep_alive = keep_alive;
        self
    }

    /// Sets the name of the runtime's threads. The default is `tiny-runtime`.
    ///
    /// ```
    /// use tiny_runtime::runtime::Builder;
    ///
    /// let runtime = Builder::new_current_thread().thread_name("closures").build()?;
    /// let name = runtime.spawn_blocking(|| std::thread::current().name().map(String::from));
    /// assert_eq!(runtime.block_on(name)?.as_deref(), Some("closures"));
    /// # std::io::Result::Ok(())
    /// ```
    pub fn thread_name(&mut self, name: impl Into<String>) -> &mut Self {
        self.thread_name = name.into();
        self
    }

    /// Sets the size of the threads' stacks, in bytes. The default is that of std: two mebibytes.
    ///
    /// ```
    /// use tiny_runtime::runtime::Builder;
    ///
    /// let runtime = Builder::new_current_thread().thread_stack_size(8 << 20).build()?;
    /// let large = runtime.spawn_blocking(|| [1_u8; 4 << 20].iter().map(|&n| u64::from(n)).sum::<u64>());
    /// assert_eq!(runtime.block_on(large)?, 4 << 20);
    /// # std::io::Result::Ok(())
    /// ```
    pub fn thread_stack_size(&mut self, bytes: usize) -> &mut Self {
        self.stack_size = Some(bytes);
        self
    }

    /// Sets how many ticks a worker makes between two driver polls. The default is 61.
    ///
    /// ```
    /// use tiny_runtime::runtime::Builder;
    ///
    /// // Sockets and timers sooner, at the price of more system calls.
    /// let runtime = Builder::new_multi_thread().event_interval(10).build()?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Panics
    ///
    /// If it is zero.
    #[track_caller]
    pub fn event_interval(&mut self, ticks: u32) -> &mut Self {
        assert!(ticks > 0, "event_interval must be greater than 0");
        self.event_interval = ticks;
        self
    }

    /// Sets how many ticks a worker makes between two looks into the global queue. If it is not set, a
    /// worker measures how many fit into 200 µs, and the current-thread flavor takes 31.
    ///
    /// ```
    /// use tiny_runtime::runtime::Builder;
    ///
    /// // Tasks from outside wait for at most ten ticks.
    /// let runtime = Builder::new_multi_thread().global_queue_interval(10).build()?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Panics
    ///
    /// If it is zero.
    #[track_caller]
    pub fn global_queue_interval(&mut self, ticks: u32) -> &mut Self {
        assert!(ticks > 0, "global_queue_interval must be greater than 0");
        self.global_queue_interval = Some(ticks);
        self
    }

    /// Closes the LIFO slot: a woken task goes to the back of the worker's queue.
    ///
    /// ```
    /// use tiny_runtime::runtime::{Builder, Source, Step};
    ///
    /// let mut runtime = Builder::new_multi_thread().worker_threads(1).disable_lifo_slot().build_stepped()?;
    /// runtime.handle().spawn(async { tiny_runtime::spawn(async {}); });
    /// runtime.step(0);
    /// assert_eq!(runtime.step(0), Step::Ran { from: Source::Local, lifo_polls: 0 });
    /// # std::io::Result::Ok(())
    /// ```
    pub fn disable_lifo_slot(&mut self) -> &mut Self {
        self.lifo_slot = false;
        self
    }

    /// Sets whether the clock is paused at the start: then it jumps to the next timer when nothing is
    /// ready. Only for the current-thread flavor.
    ///
    /// ```
    /// use tiny_runtime::runtime::Builder;
    /// use tiny_runtime::time::{Duration, sleep};
    ///
    /// let runtime = Builder::new_current_thread().start_paused(true).build()?;
    /// runtime.block_on(async { sleep(Duration::from_secs(3600)).await }); // takes no real time
    /// # std::io::Result::Ok(())
    /// ```
    pub fn start_paused(&mut self, paused: bool) -> &mut Self {
        self.paused = paused;
        self
    }

    /// Does nothing: sockets and timers are always on. It is here for programs that were written for Tokio.
    ///
    /// ```
    /// use tiny_runtime::runtime::Builder;
    ///
    /// let runtime = Builder::new_multi_thread().enable_all().build()?; // as with Tokio
    /// # std::io::Result::Ok(())
    /// ```
    pub fn enable_all(&mut self) -> &mut Self {
        self
    }

    /// As [`enable_all`](Self::enable_all).
    pub fn enable_io(&mut self) -> &mut Self {
        self
    }

    /// As [`enable_all`](Self::enable_all).
    pub fn enable_time(&mut self) -> &mut Self {
        self
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    /// To wait for it would take these ten seconds. That a thread ends after the time that is set is in
    /// `tests/conformance/suite/pool.rs`, and that Tokio's is ten seconds in `tests/copyable.rs`.
    #[test]
    fn by_default_an_idle_thread_of_the_pool_ends_after_ten_seconds() {
        for builder in [Builder::new_current_thread(), Builder::new_multi_thread()] {
            assert_eq!(builder.keep_alive, Duration::from_secs(10));
        }
    }
}
