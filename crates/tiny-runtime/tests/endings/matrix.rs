//! Each way to end a runtime, by each kind of thread, while a thread waits, in each place, for each
//! thing that only the end can bring.
//!
//! The end comes in time; each task that waits is dropped once, and its handle hears of it.

use super::axes::{By, For, Held, Place, Way, pending_first};
use super::rt::{self, net::TcpListener, task::block_in_place, time::sleep};

use rt::runtime::{Builder, Runtime};
use rt::task::JoinHandle;
use std::future::pending;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;
use tokio::sync::oneshot;
use utils::probe::DropLog;

/// Nothing here takes so long: who reaches it waits for something that never comes.
pub const LIMIT: Duration = Duration::from_secs(30);

const HOUR: Duration = Duration::from_secs(3_600);

/// Runs `cell` on a thread of its own.
pub fn in_time(name: &str, cell: impl FnOnce() + Send + 'static) {
    let (ends, end) = mpsc::channel();
    let thread = thread::spawn(move || {
        cell();
        ends.send(()).unwrap();
    });
    let ended = end.recv_timeout(LIMIT);
    assert!(ended != Err(mpsc::RecvTimeoutError::Timeout), "{name}: it does not end");
    thread.join().unwrap_or_else(|_| panic!("{name}: see above"));
}

pub fn workers(count: usize) -> Runtime {
    Builder::new_multi_thread().worker_threads(count).enable_all().build().unwrap()
}

pub fn one_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// Returns the report of the handle of a task that was dropped.
pub fn assert_cancelled<T: Send + 'static>(task: JoinHandle<T>) {
    let result = one_thread().block_on(task);
    assert!(result.err().expect("it has no output").is_cancelled());
}

/// Four tasks that wait, each with a guard, and what one of them holds.
fn spawn_waiting(runtime: &Runtime, log: &DropLog) -> (Vec<JoinHandle<()>>, Held) {
    let (waits, waiting) = mpsc::channel();
    let ((sender, thread), (oneshot, task)) = (mpsc::channel::<()>(), oneshot::channel::<()>());
    let (guard, begun) = (log.guard("dropped"), waits.clone());
    let holder = async move {
        let _held = (sender, oneshot, guard);
        pending_first(begun, pending()).await
    };
    let sleeper = {
        let (guard, waits) = (log.guard("dropped"), waits.clone());
        async move {
            let _guard = guard;
            pending_first(waits, sleep(HOUR)).await
        }
    };
    let accepter = {
        let (guard, waits) = (log.guard("dropped"), waits.clone());
        async move {
            let _guard = guard;
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let _refused = pending_first(waits, listener.accept()).await;
            pending().await
        }
    };
    let (guard, joined) =
        (log.guard("dropped"), runtime.spawn(pending_first(waits.clone(), pending::<()>())));
    let joiner = async move {
        let _guard = guard;
        let _cancelled = pending_first(waits, joined).await;
        pending().await
    };
    let (waits, others) = mpsc::channel();
    let joined = runtime.spawn(pending_first(waits, pending::<()>()));
    let tasks = vec![
        runtime.spawn(holder),
        runtime.spawn(sleeper),
        runtime.spawn(accepter),
        runtime.spawn(joiner),
    ];
    run_until(runtime, &waiting, 5);
    run_until(runtime, &others, 1);
    (tasks, Held { thread, task, joined })
}

/// Workers run by themselves; the current-thread flavor must be told to.
fn run_until(runtime: &Runtime, signals: &Receiver<()>, count: usize) {
    for _ in 0..count {
        while signals.try_recv().is_err() {
            runtime.block_on(rt::task::yield_now());
        }
    }
}

struct Cell {
    workers: usize,
    place: Place,
    wait: For,
    way: Way,
    by: By,
}

impl Cell {
    fn runtime(&self) -> Runtime {
        if self.workers == 0 { one_thread() } else { workers(self.workers) }
    }

    fn run(&self) {
        let (runtime, log) = (self.runtime(), DropLog::new());
        let (tasks, held) = spawn_waiting(&runtime, &log);
        let (begin, begun) = mpsc::channel();
        let (guard, wait, handle) = (log.guard("waited"), self.wait, runtime.handle().clone());
        let waits = move || {
            wait.wait(&handle, held, &begin);
            drop(guard);
        };
        let (ended, end) = mpsc::channel::<()>();
        let spawn = |waits: Box<dyn FnOnce() + Send>, ended| {
            runtime.spawn(async move {
                let _ended = ended;
                waits();
                // Not reached again.
                pending::<()>().await;
            });
        };
        match self.place {
            Place::Parked => return self.end(runtime, tasks, &log),
            Place::Task => spawn(Box::new(waits), ended),
            Place::Handing => spawn(Box::new(|| block_in_place(waits)), ended),
            Place::Closure => {
                drop(runtime.spawn_blocking(move || (waits(), drop(ended))));
            }
            Place::Outside => {
                thread::spawn(move || (waits(), drop(ended)));
            }
        }
        begun.recv().unwrap();
        self.end(runtime, tasks, &log);
        end.recv().unwrap_err();
        assert_eq!(log.entries().iter().filter(|entry| **entry == "waited").count(), 1);
    }

    fn end(&self, runtime: Runtime, tasks: Vec<JoinHandle<()>>, log: &DropLog) {
        self.by.end(self.way, runtime);
        tasks.into_iter().for_each(assert_cancelled);
        assert_eq!(log.entries().iter().filter(|entry| **entry == "dropped").count(), 4);
    }

    /// Whether such a cell can be, and ends on Tokio.
    fn is_possible(&self) -> bool {
        let Self { workers, place, wait, way, by } = *self;
        // A poll may only block as a thread does; another worker then sees to the others.
        let place_is = match place {
            Place::Parked => wait == For::Held,
            Place::Task => wait == For::Held && workers > 1,
            Place::Handing => workers > 0,
            Place::Closure | Place::Outside => true,
        };
        let by_is = match by {
            By::Outside | By::OtherTask => true,
            // A task needs a worker that does not block.
            By::ItsTask => workers > if place == Place::Task { 1 } else { 0 },
            // Tokio waits for the closure that ends it, without end or up to the limit.
            By::ItsClosure => way != Way::Drop,
        };
        place_is && by_is
    }
}

/// Runs the cells, and returns how many there are.
fn every_cell_with(workers: usize) -> usize {
    let mut count = 0;
    for place in [Place::Parked, Place::Task, Place::Handing, Place::Closure, Place::Outside] {
        for wait in [For::Held, For::HeldAsync, For::Sleep, For::Accept, For::Join] {
            for way in [Way::Drop, Way::Timeout, Way::Background] {
                for by in [By::Outside, By::ItsTask, By::ItsClosure, By::OtherTask] {
                    let cell = Cell { workers, place, wait, way, by };
                    if cell.is_possible() {
                        count += 1;
                        let name = format!("{workers} workers, {place:?} {wait:?}, {way:?} {by:?}");
                        in_time(&name, move || cell.run());
                    }
                }
            }
        }
    }
    count
}

#[test]
fn a_current_thread_runtime_ends_in_every_state() {
    assert_eq!(every_cell_with(0), 88);
}

#[test]
fn a_runtime_with_one_worker_ends_in_every_state() {
    assert_eq!(every_cell_with(1), 176);
}

#[test]
fn a_runtime_with_two_workers_ends_in_every_state() {
    assert_eq!(every_cell_with(2), 187);
}
