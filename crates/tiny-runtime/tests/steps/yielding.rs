//! Yields, and the budget of 128 operations.

use super::*;

#[test]
fn who_yields_alone_comes_back_after_a_turn_of_the_driver() {
    let mut stepped = stepped(1);
    stepped.handle().spawn(async {
        for _ in 0..3 {
            yield_now().await;
        }
    });
    let turn = [PolledDriver, ran(Source::LifoSlot, 0)];
    assert_eq!(
        stepped.run_until_asleep(0),
        [&[ran(Global(1), 0)], &turn[..], &turn[..], &turn[..]].concat()
    );
}

#[test]
fn who_yields_lets_all_others_run_before() {
    let (mut stepped, log) = (stepped(1), Log::default());
    let names = log.clone();
    stepped.handle().spawn(async move {
        spawn_noting(&names, [1, 2, 3]);
        yield_now().await;
        names.note(0);
    });
    let steps = stepped.run_until_asleep(0);
    assert_eq!(steps[..4], [ran(Global(1), 1), ran(Local, 0), ran(Local, 0), PolledDriver]);
    assert_eq!((steps.len(), log.take()), (5, vec![3, 1, 2, 0]));
}

#[test]
#[cfg_attr(miri, ignore = "hundreds of turns")]
fn a_budget_of_128_is_a_turn_of_the_driver_each_time_it_is_used_up() {
    for (units, turns) in [(127, 0), (128, 0), (129, 1), (256, 1), (257, 2), (1_000, 7)] {
        let mut stepped = stepped(1);
        stepped.handle().spawn(spend(units));
        let steps = stepped.run_until_asleep(0);
        let count = |step: fn(&Step) -> bool| steps.iter().filter(|s| step(s)).count();
        assert_eq!(count(|step| *step == PolledDriver), turns, "{units}");
        assert_eq!(count(|step| matches!(step, Ran { .. })), turns + 1, "{units}");
    }
}

#[test]
fn the_tasks_of_one_turn_share_its_budget() {
    let (mut stepped, log) = (stepped(1), Log::default());
    let names = log.clone();
    stepped.handle().spawn(async move {
        let child = names.clone();
        task::spawn(async move {
            spend(28).await;
            child.note(28);
            spend(1).await;
            child.note(29);
        });
        spend(100).await;
    });
    assert_eq!(stepped.step(0), ran(Global(1), 1));
    assert_eq!(log.take(), [28]);
    assert_eq!(stepped.step(0), PolledDriver);
    assert_eq!(stepped.run_until_asleep(0).len(), 1);
    assert_eq!(log.take(), [29]);
}

/// A tick whose first task leaves no budget for the slot: the task in the slot is queued.
#[test]
fn without_budget_the_slot_is_left_for_the_next_turn() {
    let (mut stepped, log) = (stepped(1), Log::default());
    let names = log.clone();
    stepped.handle().spawn(async move {
        spawn_noting(&names, [1]);
        spend(128).await;
    });
    assert_eq!(stepped.run_until_asleep(0), [ran(Global(1), 0), ran(Local, 0)]);
    assert_eq!(log.take(), [1]);
}
