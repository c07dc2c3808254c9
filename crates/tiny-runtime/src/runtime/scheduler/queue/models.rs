//! The ring, of four, with thieves: no task is lost, none is run twice.

use crate::models::run_all;
use crate::runtime::scheduler::inject::Inject;
use crate::runtime::scheduler::queue::{self, Local};
use crate::runtime::task::Notified;
use crate::sync::atomic::AtomicUsize;
use crate::sync::atomic::Ordering::SeqCst;
use crate::sync::{Arc, thread};

struct Tasks {
    global: Arc<Inject>,
    runs: Arc<AtomicUsize>,
}

impl Tasks {
    fn new() -> Self {
        Self { global: Arc::new(Inject::new()), runs: Arc::new(AtomicUsize::new(0)) }
    }

    /// A detached task that counts.
    fn task(&self) -> Notified {
        let runs = self.runs.clone();
        let (task, handle) = crate::models::task(&self.global, async move {
            runs.fetch_add(1, SeqCst);
        });
        drop(handle);
        task
    }

    fn push(&self, local: &mut Local, tasks: usize) {
        for _ in 0..tasks {
            local.push(self.task(), |overflow| _ = self.global.push_all(overflow));
        }
    }
}

fn run_local(local: &mut Local) {
    while let Some(task) = local.pop() {
        task.run();
    }
}

/// Runs the owner's part, while that many thieves steal once each.
#[derive(Clone, Copy)]
struct Owner {
    /// The first index.
    start: u32,
    /// Tasks that are there when the thieves come.
    before: usize,
    pops: usize,
    pushes: usize,
}

fn beside_thieves(owner: Owner, thieves: usize, preemptions: Option<usize>) {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = preemptions;
    model.check(move || {
        let tasks = Tasks::new();
        let (mut local, stealer) = queue::new(owner.start);
        tasks.push(&mut local, owner.before);
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
        for _ in 0..owner.pops {
            if let Some(task) = local.pop() {
                task.run();
            }
        }
        tasks.push(&mut local, owner.pushes);
        for thief in thieves {
            thief.join().unwrap();
        }
        run_local(&mut local);
        run_all(&tasks.global);
        assert_eq!(tasks.runs.load(SeqCst), owner.before + owner.pushes);
    });
}

#[test]
fn a_thief_beside_pushes() {
    beside_thieves(Owner { start: 0, before: 0, pops: 0, pushes: 2 }, 1, None);
}

#[test]
fn a_thief_beside_pops() {
    beside_thieves(Owner { start: 0, before: 3, pops: 2, pushes: 0 }, 1, None);
}

/// The owner comes round to the slots that a thief copies from.
#[test]
fn a_thief_beside_pops_and_pushes_that_go_round() {
    beside_thieves(Owner { start: 0, before: 3, pops: 1, pushes: 3 }, 1, Some(3));
}

#[test]
fn a_thief_beside_an_overflow_at_the_end_of_the_indices() {
    beside_thieves(Owner { start: u32::MAX - 2, before: 3, pops: 0, pushes: 2 }, 1, None);
}

/// Three threads have too many orders: only those with few preemptions.
#[test]
fn two_thieves_beside_pushes_that_go_round() {
    beside_thieves(Owner { start: 0, before: 4, pops: 0, pushes: 3 }, 2, Some(2));
}

#[test]
fn two_thieves_beside_a_pop() {
    beside_thieves(Owner { start: 0, before: 3, pops: 1, pushes: 0 }, 2, Some(2));
}

#[test]
fn the_global_queue_gives_each_task_to_one() {
    loom::model(|| {
        let tasks = Tasks::new();
        let _open = tasks.global.push(tasks.task());
        let (global, task) = (tasks.global.clone(), tasks.task());
        let thread = thread::spawn(move || {
            let _open = global.push(task);
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
        tasks.global.close();
        run_all(&tasks.global);
        let queued = spawner.join().unwrap();
        assert_eq!(tasks.global.len(), 0, "nothing comes behind the close");
        assert_eq!(tasks.runs.load(SeqCst), queued);
    });
}

/// The thief's own ring is stolen from while it steals. It must not write to the slots that the other
/// thief still copies: `steal_into` gives up if less than half of its ring is free.
#[test]
fn a_thief_that_is_stolen_from_meanwhile() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(3);
    model.check(|| {
        let tasks = Tasks::new();
        let (mut thief, of_thief) = queue::new(0);
        let (mut victim, of_victim) = queue::new(0);
        tasks.push(&mut thief, 4);
        tasks.push(&mut victim, 4);
        let other = thread::spawn(move || {
            let (mut own, _) = queue::new(0);
            if let Some((task, _)) = of_thief.steal_into(&mut own) {
                task.run();
            }
            run_local(&mut own);
        });
        run_local(&mut thief);
        if let Some((task, _)) = of_victim.steal_into(&mut thief) {
            task.run();
        }
        run_local(&mut thief);
        other.join().unwrap();
        run_local(&mut victim);
        run_all(&tasks.global);
        assert_eq!(tasks.runs.load(SeqCst), 8);
    });
}
