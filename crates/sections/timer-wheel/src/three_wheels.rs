//! Deep dive 8 — Netty's wheel is flat, Linux's does not cascade; only Tokio's is exact to 1 ms.

use std::collections::BTreeSet;

pub fn main() {
    println!("{:<24}{:>8}{:>9}{:>10}", "10000 within an hour", "turns", "touches", "late by");
    row("flat with rounds", run(flat, Some(100), hour_of_timers()));
    row("cascading", run(cascading, None, hour_of_timers()));
    row("not cascading", run(not_cascading, None, hour_of_timers()));
}

fn row(wheel: &str, [turns, touches, latest]: [u64; 3]) {
    println!("{wheel:<24}{turns:>8}{touches:>9}{latest:>10}");
}

/// When a wheel looks at a timer that is inserted at 0, from its deadline. The last time, it fires.
type Looks = fn(u64) -> Vec<u64>;

/// Netty's: 512 slots of 100 ms, and a turn every tick. A timer waits for the round that is its own.
fn flat(when: u64) -> Vec<u64> {
    let last = when / 100 + 1;
    (last % 512..=last).step_by(512).filter(|&tick| tick > 0).map(|tick| tick * 100).collect()
}

/// Tokio's: a timer moves down, six bits a level, until its slot is one millisecond wide.
fn cascading(when: u64) -> Vec<u64> {
    let starts = (0..6).rev().map(|level| when >> (6 * level) << (6 * level));
    starts.filter(|&start| start > 0).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Linux's at 1000 Hz: by its delay, a timer gets a slot of 1, 8, 64, … ms, and fires at its end.
fn not_cascading(when: u64) -> Vec<u64> {
    let width = (0..9).map(|level| 8_u64.pow(level)).find(|width| when < 63 * width);
    let width = width.expect("it is within reach");
    vec![(when / width + 1) * width]
}

/// Returns how often the thread wakes up, how often it looks at a timer, and the latest firing.
fn run(looks: Looks, tick: Option<u64>, timers: impl IntoIterator<Item = u64>) -> [u64; 3] {
    let (mut turns, mut touches, mut latest) = (BTreeSet::new(), 0, 0);
    for when in timers {
        let looks = looks(when);
        touches += looks.len() as u64;
        latest = latest.max(looks[looks.len() - 1] - when);
        turns.extend(looks);
    }
    let every_tick = |tick| turns.last().map_or(0, |last| last / tick);
    [tick.map_or(turns.len() as u64, every_tick), touches, latest]
}

/// Ten thousand deadlines, spread over an hour and in no order.
fn hour_of_timers() -> impl Iterator<Item = u64> {
    (1..=10_000).map(|timer| timer * 2_654_435_761 % 3_600_000 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wheel::Wheel;
    use std::iter::{from_fn, once};

    const FIVE_MINUTES: u64 = 300_000;

    /// 3001 ticks of 100 ms are five rounds of 512 and 441: its slot comes up six times.
    /// Proves D-8-1.
    #[test]
    fn a_flat_wheel_turns_every_tick_and_touches_a_timer_every_round() {
        assert_eq!(run(flat, Some(100), once(FIVE_MINUTES)), [3_001, 6, 100]);
        assert_eq!(run(flat, Some(100), once(3_600_000))[0], 36_001);
    }

    #[test]
    fn a_cascading_wheel_moves_a_timer_at_most_once_a_level_and_is_on_time() {
        assert_eq!(run(cascading, None, once(FIVE_MINUTES)), [4, 4, 0]);
    }

    #[test]
    fn a_wheel_that_does_not_cascade_touches_a_timer_once_and_is_late() {
        assert_eq!(run(not_cascading, None, once(FIVE_MINUTES)), [1, 1, 27_680]);
    }

    /// 8 / 63 is the width of a slot by the shortest delay of its level.
    #[test]
    fn without_cascading_the_error_is_an_eighth_of_the_delay() {
        for when in hour_of_timers() {
            let [_, _, late] = run(not_cascading, None, once(when));
            assert!(late >= 1 && late * 63 <= (when * 8).max(63), "{when}: {late}");
        }
        assert_eq!(run(not_cascading, None, once(4_096))[2], 512);
    }

    /// The width of a slot is the step from one firing to the next.
    /// Proves D-8-2.
    #[test]
    fn the_levels_of_linux_begin_at_the_delays_of_its_source() {
        let starts = [63, 504, 4_032, 32_256, 258_048, 2_064_384, 16_515_072, 132_120_576];
        for (level, start) in (0..).zip(starts) {
            let fires = |when: u64| not_cascading(when)[0];
            let width = 8_u64.pow(level);
            assert_eq!(fires(start - 1), start);
            assert_eq!(fires(start - 1 - width), start - width);
            assert_eq!(fires(start), (start / (8 * width) + 1) * 8 * width);
        }
    }

    /// Proves D-8-2.
    #[test]
    fn ten_thousand_timers_show_the_price_of_each() {
        assert_eq!(run(flat, Some(100), hour_of_timers()), [35_998, 356_686, 100]);
        assert_eq!(run(cascading, None, hour_of_timers()), [20_566, 38_802, 0]);
        assert_eq!(run(not_cascading, None, hour_of_timers()), [184, 10_000, 262_105]);
    }

    /// A heap would look at a timer more often the more of them there are.
    /// Proves D-8-4.
    #[test]
    fn a_cascading_wheel_touches_a_timer_once_a_level_at_most_however_many_there_are() {
        for timers in [1_000, 10_000, 100_000] {
            let scattered = (1..=timers).map(|timer| timer * 2_654_435_761 % 3_600_000 + 1);
            let [_, touches, _] = run(cascading, None, scattered);
            assert!(touches <= timers * 6, "{timers}: {touches}");
        }
    }

    /// One timer is added to one slot, and none is moved or looked at.
    /// Proves D-8-4.
    #[test]
    fn to_insert_writes_to_one_slot_however_many_timers_there_are() {
        let mut wheel = Wheel::new();
        for when in hour_of_timers() {
            let before: Vec<_> = wheel.slots.iter().map(Vec::len).collect();
            wheel.insert(when);
            let added = wheel.slots.iter().zip(before).map(|(slot, before)| slot.len() - before);
            let added: Vec<_> = added.filter(|&added| added > 0).collect();
            assert_eq!(added, [1]);
        }
    }

    /// That the numbers here are those of a wheel that holds them all.
    #[test]
    fn the_cascading_one_turns_as_often_as_the_wheel_of_this_crate() {
        let mut wheel = Wheel::new();
        hour_of_timers().for_each(|when| wheel.insert(when));
        let turns = from_fn(|| wheel.turn());
        let due = turns.map(|(now, due)| due.iter().for_each(|&when| assert_eq!(when, now)));
        assert_eq!(due.count(), 20_566);
    }
}
