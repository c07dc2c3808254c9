//! The slot, the local queue, the global queue, and stealing.

use super::*;

#[test]
fn the_slot_goes_first_then_the_local_queue_then_the_global_one() {
    let (mut stepped, log) = (stepped(1), Log::default());
    let names = log.clone();
    stepped.handle().spawn(async move { spawn_noting(&names, [1, 2, 3]) });
    assert_eq!(stepped.step(0), ran(Global(1), 1));
    assert_eq!(log.take(), [3]);
    let names = log.clone();
    stepped.handle().spawn(async move { names.note(4) });
    assert_eq!(stepped.run_until_asleep(0), [ran(Local, 0), ran(Local, 0), ran(Global(1), 0)]);
    assert_eq!(log.take(), [1, 2, 4]);
}

/// Each task spawns the next.
fn chain(log: Log, name: u32, last: u32) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        log.note(name);
        if name < last {
            task::spawn(chain(log, name + 1, last));
        }
    })
}

#[test]
fn three_polls_from_the_slot_in_a_turn_then_it_is_closed() {
    let (mut stepped, log) = (stepped(1), Log::default());
    stepped.handle().spawn(chain(log.clone(), 0, 9));
    assert_eq!(
        stepped.run_until_asleep(0),
        [ran(Global(1), 3), ran(LifoSlot, 3), ran(LifoSlot, 1)]
    );
    assert_eq!(log.take(), (0..=9).collect::<Vec<_>>());
}

#[test]
fn without_the_slot_each_task_is_a_turn() {
    let mut stepped = builder(1).disable_lifo_slot().build_stepped().unwrap();
    stepped.handle().spawn(chain(Log::default(), 0, 9));
    let steps = [times(1, ran(Global(1), 0)), times(9, ran(Local, 0))].concat();
    assert_eq!(stepped.run_until_asleep(0), steps);
}

/// A task that wakes itself is not put into the slot.
#[test]
fn who_wakes_itself_queues_behind_all_others() {
    let (mut stepped, log) = (stepped(1), Log::default());
    let names = log.clone();
    stepped.handle().spawn(async move {
        spawn_noting(&names, [1, 2]);
        wake_itself().await;
        names.note(0);
    });
    assert_eq!(stepped.run_until_asleep(0), [ran(Global(1), 1), ran(Local, 0), ran(Local, 0)]);
    assert_eq!(log.take(), [2, 1, 0]);
}

#[test]
fn the_global_queue_comes_first_once_an_interval() {
    let mut builder = builder(1);
    let mut stepped = builder.global_queue_interval(5).build_stepped().unwrap();
    for _ in 0..2 {
        stepped.handle().spawn(async {
            loop {
                wake_itself().await;
            }
        });
    }
    assert_eq!(stepped.step(0), ran(Global(2), 0));
    for _ in 0..3 {
        stepped.handle().spawn(async {});
    }
    let steps: Vec<_> = (0..30).map(|_| stepped.step(0)).collect();
    let global: Vec<_> = (0..30).filter(|&step| steps[step] == ran(Global(1), 0)).collect();
    assert_eq!(global.len(), 3);
    assert_eq!([global[1] - global[0], global[2] - global[1]], [5, 5]);
    assert_eq!(steps.iter().filter(|step| **step == ran(Local, 0)).count(), 27);
}

#[test]
#[cfg_attr(miri, ignore = "hundreds of turns")]
fn a_share_of_the_global_queue_is_taken_at_once_and_no_more_than_half_a_ring() {
    for (workers, share) in [(1, 128), (2, 101), (4, 51)] {
        let mut stepped = stepped(workers);
        for _ in 0..200 {
            stepped.handle().spawn(async {});
        }
        assert_eq!(stepped.step(0), ran(Global(share), 0));
        let metrics = stepped.handle().metrics();
        assert_eq!(metrics.global_queue_depth(), 200 - share);
        assert_eq!(metrics.worker_local_queue_depth(0), share - 1);
    }
}

#[test]
#[cfg_attr(miri, ignore = "hundreds of turns")]
fn the_258th_task_sends_the_newer_half_to_the_global_queue() {
    let (mut stepped, log) = (stepped(1), Log::default());
    let names = log.clone();
    stepped.handle().spawn(async move { spawn_noting(&names, 0..258) });
    let steps = stepped.run_until_asleep(0);
    let expected = [
        times(1, ran(Global(1), 1)),
        times(128, ran(Local, 0)),
        times(1, ran(Global(128), 0)),
        times(127, ran(Local, 0)),
        times(1, ran(Global(1), 0)),
    ];
    assert_eq!(steps, expected.concat());
    let order: Vec<_> = [257].into_iter().chain(0..257).collect();
    assert_eq!(log.take(), order);
}

#[test]
#[cfg_attr(miri, ignore = "hundreds of turns")]
fn half_of_a_queue_is_stolen_and_the_last_of_it_runs_first() {
    let (mut stepped, log) = (stepped(2), Log::default());
    let names = log.clone();
    stepped.handle().spawn(async move { spawn_noting(&names, 0..65) });
    assert_eq!(stepped.step(0), ran(Global(1), 1));
    assert_eq!(log.take(), [64]);
    let batches: [u32; 7] = [32, 16, 8, 4, 2, 1, 1];
    let (mut steps, mut order, mut first) = (Vec::new(), Vec::new(), 0);
    for count in batches {
        steps.push(ran(Stolen(0, count), 0));
        steps.extend(times(count as usize - 1, ran(Local, 0)));
        order.push(first + count - 1);
        order.extend(first..first + count - 1);
        first += count;
    }
    assert_eq!(stepped.run_until_asleep(1), steps);
    assert_eq!(log.take(), order);
    assert_eq!(order[..34], [&[31], &(0..=30).collect::<Vec<_>>()[..], &[47, 32]].concat());
    assert_eq!(stepped.step(0), Slept);
}

/// The one that fell asleep last first. It wakes the next only when it has found something.
#[test]
fn one_notification_wakes_one_worker_and_work_for_more_wakes_the_next() {
    let mut stepped = stepped(4);
    for worker in [2, 0, 3, 1] {
        assert_eq!(stepped.step(worker), Slept);
    }
    for _ in 0..100 {
        stepped.handle().spawn(async {});
    }
    let mut asleep = vec![2, 0, 3, 1];
    while let Some(woken) = asleep.pop() {
        for worker in &asleep {
            assert_eq!(stepped.step(*worker), Slept, "{woken} has not run yet");
        }
        assert!(matches!(stepped.step(woken), Ran { .. }));
    }
}
