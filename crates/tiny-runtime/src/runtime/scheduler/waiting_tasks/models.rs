//! The lists of waiting tasks: tasks enter and leave at once, and a runtime that ends finds them all.

use crate::models::Event;
use crate::runtime::scheduler::inject::Inject;
use crate::runtime::scheduler::waiting_tasks::WaitingTasks;
use crate::runtime::task::{self, Header, Notified, Schedule};
use crate::sync::{Arc, thread};
use std::future::poll_fn;
use std::ptr::NonNull;

/// A runtime of one worker, as far as its tasks can tell.
struct World {
    queue: Inject,
    waiting_tasks: WaitingTasks,
}

#[derive(Clone, Copy)]
struct WorldRef(NonNull<World>);

impl WorldRef {
    fn world(&self) -> &World {
        // SAFETY: a model keeps its world until all tasks are over.
        unsafe { self.0.as_ref() }
    }
}

impl Schedule for WorldRef {
    fn schedule(self, task: Notified) {
        let _open = self.world().queue.push(task);
    }

    fn yield_now(self, task: Notified) {
        self.schedule(task);
    }

    fn track(self, task: NonNull<Header>) {
        // SAFETY: its runner calls this.
        unsafe { self.world().waiting_tasks.insert(task, || 0) };
    }

    fn untrack(self, task: NonNull<Header>) {
        // SAFETY: its runner calls this, the last time.
        unsafe { self.world().waiting_tasks.remove(task) };
    }
}

impl World {
    fn new() -> Arc<Self> {
        Arc::new(Self { queue: Inject::new(), waiting_tasks: WaitingTasks::new(1) })
    }

    /// A detached task that waits for the event, and holds `alive` while it lives.
    fn task(&self, event: &Arc<Event>, alive: &std::sync::Arc<()>) -> Notified {
        let (event, alive) = (event.clone(), alive.clone());
        let future = async move {
            let _alive = alive;
            poll_fn(|context| event.poll(context)).await;
        };
        let (task, handle) = task::new(future, WorldRef(NonNull::from(self)));
        drop(handle);
        task
    }

    /// The last step of `shutdown.rs`.
    fn drop_all_tasks(&self) {
        loop {
            for task in self.waiting_tasks.close() {
                task.cancel();
            }
            let mut queued = Vec::new();
            self.queue.pop(usize::MAX, |task| queued.push(task));
            if queued.is_empty() {
                if self.waiting_tasks.len() == 0 {
                    return;
                }
                thread::yield_now();
            }
            for task in queued {
                task.cancel();
            }
        }
    }
}

#[test]
fn tasks_enter_and_leave_one_list_at_once() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(3);
    model.check(|| {
        let (world, alive) = (World::new(), std::sync::Arc::new(()));
        let [first, second] = [0; 2].map(|_| Arc::new(Event::default()));
        world.task(&first, &alive).run();
        let task = world.task(&second, &alive);
        let enters = thread::spawn(move || task.run());
        first.set();
        crate::models::run_all(&world.queue);
        enters.join().unwrap();
        assert_eq!((world.waiting_tasks.len(), std::sync::Arc::strong_count(&alive)), (1, 2));
        second.set();
        crate::models::run_all(&world.queue);
        assert_eq!((world.waiting_tasks.len(), std::sync::Arc::strong_count(&alive)), (0, 1));
    });
}

#[test]
fn a_runtime_that_ends_drops_a_task_that_is_woken_just_now() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(3);
    model.check(|| {
        let (world, alive) = (World::new(), std::sync::Arc::new(()));
        let events = [0; 2].map(|_| Arc::new(Event::default()));
        for event in &events {
            world.task(event, &alive).run();
        }
        let [event, _unset] = events;
        let setter = thread::spawn(move || event.set());
        world.drop_all_tasks();
        assert_eq!(std::sync::Arc::strong_count(&alive), 1);
        setter.join().unwrap();
    });
}
