//! The slot is used three times a tick, and only while the budget lasts.

use super::rt::{self, task::yield_now};
use super::{Log, note, order, spawn_each, spend, wake_itself};
use std::sync::mpsc;
use tokio::sync::mpsc::channel;

/// Each link spawns the next. Without a cap the others would wait for the end of the chain.
fn link(names: &'static [&'static str], log: Log) {
    if let [name, rest @ ..] = names {
        rt::spawn(async move {
            note(&log, name);
            link(rest, log);
        });
    }
}

#[test]
fn a_chain_of_spawns_uses_the_slot_three_times() {
    let short = order(async |log| {
        spawn_each(&["Y1", "Y2", "Y3", "Y4"], &log);
        link(&["1", "2", "3", "4", "5"], log);
    });
    assert_eq!(short, "1 2 3 Y1 Y2 Y3 Y4 4 5");
}

/// In the second tick 4 comes from the queue, and 5, 6, 7 from the slot.
#[test]
fn every_tick_has_three_uses_of_the_slot_again() {
    let long = order(async |log| {
        for name in ["Y", "Z"] {
            let log = log.clone();
            rt::spawn(async move {
                note(&log, name);
                wake_itself().await;
                note(&log, name);
            });
        }
        link(&["1", "2", "3", "4", "5", "6", "7", "8", "9"], log);
    });
    assert_eq!(long, "1 2 3 Y Z 4 5 6 7 Y Z 8 9");
}

/// The slot is off for the rest of the tick, so the fourth link is at the back of the queue even
/// when it spawns more than one.
#[test]
fn what_is_spawned_past_the_cap_queues_in_its_order() {
    let order = order(async |log| {
        spawn_each(&["Y"], &log);
        let deepest = log.clone();
        let third = async move {
            note(&log, "3");
            spawn_each(&["a", "b", "c"], &deepest);
        };
        let second = async move { drop(rt::spawn(third)) };
        let first = async move { drop(rt::spawn(second)) };
        rt::spawn(first);
    });
    assert_eq!(order, "3 Y a b c");
}

#[test]
fn a_game_of_ping_pong_lets_the_others_in_after_three_turns() {
    let game = order(async |log| {
        let (to_pong, mut ball) = channel(1);
        let (to_ping, mut back) = channel(1);
        let serve = to_ping.clone();
        let (ping, pong, driver) = (log.clone(), log.clone(), log);
        rt::spawn(async move {
            for name in ["ping0", "ping1", "ping2"] {
                back.recv().await.unwrap();
                note(&ping, name);
                to_pong.send(()).await.unwrap();
            }
        });
        rt::spawn(async move {
            for name in ["pong0", "pong1"] {
                ball.recv().await.unwrap();
                note(&pong, name);
                to_ping.send(()).await.unwrap();
            }
            ball.recv().await.unwrap();
        });
        yield_now().await;
        spawn_each(&["Y1", "Y2", "Y3", "Y4"], &driver);
        serve.send(()).await.unwrap();
        note(&driver, "driver-end");
    });
    assert_eq!(game, "driver-end ping0 pong0 ping1 Y1 Y2 Y3 Y4 pong1 ping2");
}

/// A task from the slot lives on what is left of its parent's 128. With nothing left it queues.
#[test]
fn a_chain_shares_the_budget_of_its_first_task() {
    let after = |spent| {
        order(async move |log| {
            spend(spent).await;
            spawn_each(&["X", "Y", "C"], &log);
        })
    };
    assert_eq!(after(0), "C X Y");
    assert_eq!(after(127), "C X Y");
    assert_eq!(after(128), "X Y C");
}

#[test]
fn the_second_of_a_chain_gives_way_when_the_first_has_spent_almost_all() {
    let order = order(async |log| {
        spend(100).await;
        let second = log.clone();
        spawn_each(&["Y"], &log);
        rt::spawn(async move {
            spend(28).await;
            note(&second, "28 units");
            spend(1).await;
            note(&second, "one more");
        });
    });
    assert_eq!(order, "28 units Y one more");
}

/// A task in the slot when its worker blocks: it is not lost, and nobody takes it.
#[test]
fn the_slot_keeps_its_task_until_its_worker_is_free() {
    let runtime = super::workers(2);
    let owner = rt::spawn_on(&runtime, async {
        let (log, order) = mpsc::channel();
        let from_slot = log.clone();
        rt::spawn(async move { note(&from_slot, "slot") });
        // Each witness is run by the other worker, which then looks for more work.
        for _ in 0..100 {
            let witness = log.clone();
            let handle = rt::runtime::Handle::current();
            std::thread::scope(|scope| {
                scope.spawn(|| drop(handle.spawn(async move { note(&witness, "witness") })));
            });
            assert_eq!(order.recv(), Ok("witness"));
        }
        assert!(order.try_recv().is_err(), "it is still in the slot");
        rt::spawn(async move { note(&log, "second") });
        // This worker is blocked here, so the other one has taken it.
        assert_eq!(order.recv(), Ok("slot"));
        assert!(order.try_recv().is_err(), "the second took its place");
        order
    });
    let order = rt::block_on(&runtime, owner).unwrap();
    assert_eq!(order.iter().collect::<Vec<_>>(), ["second"]);
}
