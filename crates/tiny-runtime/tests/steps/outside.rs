//! Tasks from outside the workers, while these have tasks of their own.

use super::*;
use tiny_runtime::runtime::Handle;

/// With Tokio's interval: no setting of the user's says how often the global queue comes first.
fn busy(tasks: usize) -> Stepped {
    let mut builder = Builder::new_multi_thread();
    let mut stepped = builder.worker_threads(1).event_interval(u32::MAX).build_stepped().unwrap();
    for _ in 0..tasks {
        stepped.handle().spawn(async {
            loop {
                wake_itself().await;
            }
        });
    }
    assert_eq!(stepped.step(0), ran(Global(tasks), 0));
    // The tasks of a batch go first for as many ticks as it has tasks.
    assert_eq!(steps(&mut stepped, tasks), times(tasks, ran(Local, 0)));
    stepped
}

fn steps(stepped: &mut Stepped, count: usize) -> Vec<Step> {
    (0..count).map(|_| stepped.step(0)).collect()
}

/// Those that were in its queue, but no more than three.
#[test]
fn one_waits_for_the_worker_s_own_tasks_that_came_before_it() {
    for (own, first) in [(1, 1), (2, 2), (3, 3), (9, 3)] {
        let mut stepped = busy(own);
        stepped.handle().spawn(async {});
        assert_eq!(steps(&mut stepped, first), times(first, ran(Local, 0)), "{own}");
        assert_eq!(stepped.step(0), ran(Global(1), 0), "{own}");
    }
}

/// However many come, every second tick is for the worker's own.
#[test]
fn a_flood_of_them_leaves_the_own_tasks_every_second_tick() {
    let mut stepped = busy(1);
    let mut both = Vec::new();
    for _ in 0..20 {
        stepped.handle().spawn(async {});
        both.extend(steps(&mut stepped, 2));
    }
    assert_eq!(both, [ran(Local, 0), ran(Global(1), 0)].repeat(20));
}

#[test]
fn many_come_as_a_batch_and_those_after_it_wait_for_as_many_ticks() {
    let mut stepped = busy(1);
    (0..10).for_each(|_| drop(stepped.handle().spawn(async {})));
    assert_eq!(steps(&mut stepped, 2), [ran(Local, 0), ran(Global(10), 0)]);
    stepped.handle().spawn(async {});
    assert_eq!(steps(&mut stepped, 9), times(9, ran(Local, 0)));
    // The worker sees it only now, behind the last of the batch and its own task.
    assert_eq!(steps(&mut stepped, 2), times(2, ran(Local, 0)));
    assert_eq!(stepped.step(0), ran(Global(1), 0));
}

/// Tasks that are spawned while one waits come after it, also in the slot.
#[test]
fn one_does_not_wait_for_a_chain_of_tasks_that_each_spawn_the_next() {
    fn chain(left: u32) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(async move {
            if let Some(left) = left.checked_sub(1) {
                task::spawn(chain(left));
            }
        })
    }
    let mut stepped = busy(1);
    stepped.handle().spawn(async {
        task::spawn(chain(100));
        let handle = Handle::current();
        std::thread::spawn(move || drop(handle.spawn(async {}))).join().unwrap();
    });
    assert_eq!(steps(&mut stepped, 2), [ran(Local, 0), ran(Global(1), 3)]);
    // The two in the queue go first. The second of them fills the slot, and the tick ends all the same.
    assert_eq!(steps(&mut stepped, 2), times(2, ran(Local, 0)));
    assert_eq!(stepped.step(0), ran(Global(1), 3));
}

/// Tasks that overflow the worker's queue are its own, and would come straight back.
#[test]
#[cfg_attr(miri, ignore = "hundreds of turns")]
fn tasks_that_overflow_do_not_count() {
    let mut stepped = busy(1);
    stepped.handle().spawn(async {
        (0..300).for_each(|_| drop(task::spawn(async {})));
    });
    assert_eq!(steps(&mut stepped, 2), [ran(Local, 0), ran(Global(1), 1)]);
    assert!(stepped.handle().metrics().global_queue_depth() > 100);
    assert_eq!(steps(&mut stepped, 20), times(20, ran(Local, 0)));
    stepped.handle().spawn(async {});
    assert_eq!(steps(&mut stepped, 3), times(3, ran(Local, 0)));
    assert!(matches!(stepped.step(0), Ran { from: Global(64..), .. }));
}
