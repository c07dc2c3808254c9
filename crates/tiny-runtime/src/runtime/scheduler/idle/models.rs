//! No task is slept over: work that is queued between a worker's last look and its sleep.
//!
//! The worker here is the skeleton of `worker.rs`: look, search, go to sleep, look again if it was
//! the last searcher, park.

use crate::runtime::park::Parker;
use crate::runtime::scheduler::idle::{Asleep, Found, Idle};
use crate::sync::atomic::AtomicUsize;
use crate::sync::atomic::Ordering::{Relaxed, SeqCst};
use crate::sync::{Arc, Condvar, Mutex, lock, thread};

struct World {
    /// Stands for all the queues.
    work: AtomicUsize,
    taken: AtomicUsize,
    done: AtomicUsize,
    all: usize,
    /// The first task does not end before another has.
    blocks: bool,
    unblock: (Mutex<()>, Condvar),
    idle: Idle,
    parkers: Vec<Parker>,
}

impl World {
    fn new(workers: usize, all: usize) -> Self {
        let parkers = (0..workers).map(|_| Parker::new(None)).collect();
        let [work, taken, done] = [0; 3].map(AtomicUsize::new);
        let idle = Idle::new(workers);
        let unblock = (Mutex::new(()), Condvar::new());
        Self { work, taken, done, all, blocks: false, unblock, idle, parkers }
    }

    fn push(&self) {
        // Relaxed is what a queue's push amounts to, at the least.
        self.work.fetch_add(1, Relaxed);
        self.wake_one();
    }

    fn wake_one(&self) {
        if let Some(worker) = self.idle.claim_sleeper() {
            self.parkers[worker].unpark();
        }
    }

    fn take(&self) -> bool {
        self.work.fetch_update(Relaxed, Relaxed, |work| work.checked_sub(1)).is_ok()
    }

    fn work(&self, index: usize) {
        let mut searching = false;
        loop {
            if self.take_and_do(&mut searching) {
                continue;
            }
            searching = searching || self.idle.start_searching();
            if searching && self.take_and_do(&mut searching) {
                continue;
            }
            if self.done.load(SeqCst) == self.all {
                return;
            }
            if self.idle.go_to_sleep(index, std::mem::take(&mut searching)) == Asleep::LookAgain
                && self.work.load(Relaxed) > 0
            {
                self.wake_one();
            }
            while self.idle.sleeps(index) {
                self.parkers[index].park();
                if self.done.load(SeqCst) == self.all {
                    return;
                }
            }
            searching = true;
        }
    }

    fn take_and_do(&self, searching: &mut bool) -> bool {
        if !self.take() {
            return false;
        }
        if std::mem::take(searching)
            && self.idle.stop_searching() == Found::WakeSuccessor
            && self.work.load(Relaxed) > 0
        {
            self.wake_one();
        }
        if self.taken.fetch_add(1, SeqCst) == 0 && self.blocks {
            let mut guard = lock(&self.unblock.0);
            while self.done.load(SeqCst) == 0 {
                guard = self.unblock.1.wait(guard).unwrap();
            }
        }
        let done = {
            let _guard = lock(&self.unblock.0);
            self.done.fetch_add(1, SeqCst) + 1
        };
        self.unblock.1.notify_all();
        if done == self.all {
            self.parkers.iter().for_each(Parker::unpark);
        }
        true
    }
}

#[test]
fn one_worker_does_not_sleep_over_work() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(3);
    model.check(|| {
        let world = Arc::new(World::new(1, 1));
        let worker = world.clone();
        let worker = thread::spawn(move || worker.work(0));
        world.push();
        worker.join().unwrap();
    });
}

#[test]
fn two_tasks_from_outside_are_done_by_one_worker() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(2);
    model.check(|| {
        let world = Arc::new(World::new(1, 2));
        let worker = world.clone();
        let worker = thread::spawn(move || worker.work(0));
        world.push();
        world.push();
        worker.join().unwrap();
    });
}

#[test]
fn two_workers_do_not_sleep_over_work() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(2);
    model.check(|| {
        let world = Arc::new(World::new(2, 1));
        let workers = [0, 1].map(|index| {
            let world = world.clone();
            thread::spawn(move || world.work(index))
        });
        world.push();
        for worker in workers {
            worker.join().unwrap();
        }
    });
}

/// The worker that gets the first task is away as long as the second task waits.
#[test]
fn a_task_that_blocks_its_worker_harms_no_other() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(2);
    model.check(|| {
        let world = Arc::new(World { blocks: true, ..World::new(2, 2) });
        let workers = [0, 1].map(|index| {
            let world = world.clone();
            thread::spawn(move || world.work(index))
        });
        world.push();
        world.push();
        for worker in workers {
            worker.join().unwrap();
        }
    });
}
