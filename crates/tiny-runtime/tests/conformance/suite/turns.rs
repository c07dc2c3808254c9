//! The wheel: 6 levels of 64 slots. It expires a slot at the start of each slot on the way to a deadline.

use super::rt::runtime::Builder;
use super::rt::time::{Duration, Instant, sleep};
use std::sync::mpsc;
use utils::probe::Polls;

/// The milliseconds at which a runtime woke up while nothing but these sleeps was in it.
///
/// A clock that stands jumps to the instant for which the timer driver would have slept, and that
/// is the next expiry of the wheel: the start of a slot, or the deadline itself.
fn turns(millis: &[u64]) -> Vec<u128> {
    let (log, turns) = mpsc::channel();
    let mut builder = Builder::new_current_thread();
    builder.enable_all().start_paused(true);
    let runtime = builder.on_thread_unpark(move || log.send(Instant::now()).unwrap());
    let runtime = runtime.build().unwrap();
    let start = runtime.block_on(async {
        let start = Instant::now();
        for &millis in millis {
            sleep(Duration::from_millis(millis)).await;
        }
        start
    });
    drop(runtime);
    let mut turns: Vec<_> = turns.try_iter().map(|turn| (turn - start).as_millis()).collect();
    // A sleep that is over wakes the root future, and that lets the next park return at once.
    turns.dedup();
    turns
}

#[test]
fn the_driver_turns_at_the_start_of_each_slot_on_the_way() {
    assert_eq!(turns(&[64]), [64]);
    assert_eq!(turns(&[65]), [64, 65]);
    assert_eq!(turns(&[4_096]), [4_096]);
    assert_eq!(turns(&[5_000]), [4_096, 4_992, 5_000]);
    assert_eq!(turns(&[300_000]), [262_144, 299_008, 299_968, 300_000]);
}

#[test]
fn there_are_six_levels() {
    let starts = [30, 24, 18, 12, 6, 0].map(|bits| (1_u128 << 36) - (1 << bits));
    assert_eq!(turns(&[(1 << 36) - 1]), starts);
}

/// A timer beyond the horizon goes round in the top level.
#[test]
fn a_deadline_beyond_the_wheel_turns_first_at_a_slot_of_the_top_level() {
    let far = turns(&[70_000_000_000]);
    assert_eq!(far[0], 1_073_741_824);
    assert_eq!(far.last(), Some(&70_000_000_000));
}

/// From a later start the same duration takes other expiries: `elapsed XOR when` counts.
#[test]
fn the_turns_depend_on_the_time_that_has_passed() {
    assert_eq!(turns(&[60, 70]), [60, 128, 130]);
    assert_eq!(turns(&[5_000, 5_000]), [4_096, 4_992, 5_000, 8_192, 9_984, 10_000]);
    assert_eq!(turns(&[4_095, 1]), [4_032, 4_095, 4_096]);
}

#[test]
fn a_turn_that_only_moves_a_timer_polls_nobody() {
    let polls = Polls::new();
    let mut builder = Builder::new_current_thread();
    let runtime = builder.enable_all().start_paused(true).build().unwrap();
    runtime.block_on(polls.of(async { sleep(Duration::from_millis(300_000)).await }));
    assert_eq!(polls.count(), 2);
}
