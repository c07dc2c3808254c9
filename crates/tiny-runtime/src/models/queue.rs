//! The ring, of four, with thieves: no task is lost, none is run twice.

use super::{Queue, run_all};
use crate::inject::Inject;
use crate::queue::{self, Local};
use crate::sync::atomic::AtomicUsize;
use crate::sync::atomic::Ordering::SeqCst;
use crate::sync::{Arc, thread};
use crate::task::Task;
use std::ptr::NonNull;

struct Tasks {
    global: Arc<Inject>,
    runs: Arc<AtomicUsize>,
}

impl Tasks {
    fn new() -> Self {
        Self { global: Arc::new(Inject::new()), runs: Arc::new(AtomicUsize::new(0)) }
    }

    /// A detached task that counts.
    fn task(&self) -> Task {
        let runs = self.runs.clone();
        let (task, handle) = super::task(&self.global, async move {
            runs.fetch_add(1, SeqCst);
        });
        drop(handle);
        task
    }

    fn push(&self, local: &mut Local, tasks: usize) {
        for _ in 0..tasks {
            local.push(self.task(), |overflow| self.global.push_all(overflow));
        }
    }
}

fn run_local(local: &mut Local) {
    while let Some(task) = local.pop() {
        task.run();
    }
}

/// Pushes, pops and pushes again while so many thieves steal once each.
fn owner_and_thieves(start: u32, before: usize, pops: usize, after: usize, thieves: usize) {
    let tasks = Tasks::new();
    let (mut local, stealer) = queue::new(start);
    tasks.push(&mut local, before);
    let thieves: Vec<_> = (0..thieves)
        .map(|_| {
            let stealer = stealer.clone();
            thread::spawn(move || {
                let (mut own, _) = queue::new(u32::MAX);
                if let Some((task, _)) = stealer.steal_into(&mut own) {
                    task.run();
                }
                run_local(&mut own);
            })
        })
        .collect();
    for _ in 0..pops {
        if let Some(task) = local.pop() {
            task.run();
        }
    }
    tasks.push(&mut local, after);
    for thief in thieves {
        thief.join().unwrap();
    }
    run_local(&mut local);
    run_all(&tasks.global);
    assert_eq!(tasks.runs.load(SeqCst), before + after);
}

#[test]
fn a_thief_beside_pops() {
    loom::model(|| owner_and_thieves(0, 3, 2, 1, 1));
}

#[test]
fn a_thief_beside_an_overflow_at_the_end_of_the_indices() {
    loom::model(|| owner_and_thieves(u32::MAX - 2, 3, 0, 2, 1));
}

/// Bounded, since three threads have too many orders: only those with up to two preemptions.
#[test]
fn two_thieves() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(2);
    model.check(|| owner_and_thieves(0, 3, 1, 0, 2));
}

#[test]
fn the_global_queue_gives_each_task_to_one() {
    loom::model(|| {
        let tasks = Tasks::new();
        tasks.global.push(tasks.task());
        let (global, task) = (tasks.global.clone(), tasks.task());
        let thread = thread::spawn(move || {
            global.push(task);
            run_all(&global);
        });
        run_all(&tasks.global);
        thread.join().unwrap();
        assert_eq!(tasks.runs.load(SeqCst), 2);
    });
}

#[test]
fn what_is_spawned_beside_the_close_is_queued_or_given_back() {
    loom::model(|| {
        let tasks = Tasks::new();
        let (global, task) = (tasks.global.clone(), tasks.task());
        let spawner = thread::spawn(move || match global.push_new(task) {
            Ok(()) => 1,
            Err(task) => {
                task.cancel();
                0
            }
        });
        assert!(tasks.global.close());
        let queued = spawner.join().unwrap();
        assert_eq!(tasks.global.len(), queued);
        run_all(&tasks.global);
    });
}

const _: fn(NonNull<Inject>) -> Queue = Queue;
