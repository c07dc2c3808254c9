//! Deep dive 8 — A timer moves when its slot starts, not after a lap: 5000 ms take three stops.

const BITS: usize = 6;
const SLOTS: usize = 1 << BITS;
const LEVELS: usize = 6;
/// 2^36 ms, about 2.18 years. A timer further away waits in the top level and goes round it.
const HORIZON: u64 = 1 << (BITS * LEVELS);

pub fn main() {
    for when in [63, 64, 4_096, 5_000, 300_000, HORIZON - 1, 70_000_000_000] {
        println!("{when} ms: level {}, turns at {:?}", place(0, when) / SLOTS, turns(when));
    }
}

/// The instants at which a wheel that holds only this timer has something to do.
pub fn turns(when: u64) -> Vec<u64> {
    let mut wheel = Wheel::new();
    wheel.insert(when);
    std::iter::from_fn(|| wheel.turn()).map(|(now, _due)| now).collect()
}

/// Timers, by the instant at which they are due. `crates/tiny-runtime` can cancel one too.
pub struct Wheel {
    elapsed: u64,
    pub slots: Vec<Vec<u64>>,
}

impl Wheel {
    pub fn new() -> Self {
        Self { elapsed: 0, slots: vec![Vec::new(); LEVELS * SLOTS] }
    }

    /// O(1). `when` is later than the last turn.
    pub fn insert(&mut self, when: u64) {
        self.slots[place(self.elapsed, when)].push(when);
    }

    /// Goes to the next slot with a timer; returns its start and what is due. The rest moves closer.
    pub fn turn(&mut self) -> Option<(u64, Vec<u64>)> {
        // The lowest level with a timer decides: all its slots come before the next one above.
        let (now, slot) = (0..LEVELS).find_map(|level| {
            let now = self.elapsed >> (BITS * level);
            let slot = |number| level * SLOTS + number as usize % SLOTS;
            let next = (now + 1..=now + SLOTS as u64).find(|&n| !self.slots[slot(n)].is_empty())?;
            Some((next << (BITS * level), slot(next)))
        })?;
        self.elapsed = now;
        let timers = std::mem::take(&mut self.slots[slot]).into_iter();
        let (due, early): (Vec<_>, Vec<_>) = timers.partition(|&when| when == now);
        early.into_iter().for_each(|when| self.insert(when));
        Some((now, due))
    }
}

/// The level is the highest group of six bits in which the two differ, until the slot starts.
fn place(elapsed: u64, when: u64) -> usize {
    let level = (elapsed ^ when).clamp(1, HORIZON - 1).ilog2() as usize / BITS;
    level * SLOTS + (when >> (BITS * level)) as usize % SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cmp::Reverse;
    use std::collections::BinaryHeap;

    fn level_for(elapsed: u64, when: u64) -> usize {
        place(elapsed, when) / SLOTS
    }

    /// Proves D-8-3.
    #[test]
    fn the_widths_of_the_levels_are_those_of_the_document_and_one_more() {
        let widths: Vec<u64> = (0..LEVELS).map(|level| 1 << (BITS * level)).collect();
        assert_eq!(widths, [1, 64, 4_096, 262_144, 16_777_216, 1_073_741_824]);
        for (level, width) in widths.into_iter().enumerate() {
            let range = width * SLOTS as u64;
            assert_eq!(level_for(0, width), level);
            assert_eq!(level_for(0, range - 1), level);
        }
        let years = HORIZON as f64 / 1_000.0 / 86_400.0 / 365.25;
        assert_eq!(format!("{years:.2}"), "2.18");
    }

    #[test]
    fn a_slot_turns_when_it_starts() {
        assert_eq!(turns(4_096), [4_096]);
        assert_eq!(turns(5_000), [4_096, 4_992, 5_000]);
        assert_eq!(turns(300_000), [262_144, 299_008, 299_968, 300_000]);
    }

    /// Were every lap of level 0 a cascade, there would be 78 before 5000 ms.
    /// Proves D-8-6.
    #[test]
    fn empty_laps_are_skipped() {
        assert_eq!(5_000 / SLOTS, 78);
        assert_eq!(turns(5_000).len(), 3);
    }

    /// Proves D-8-4.
    #[test]
    fn the_longest_way_is_one_turn_a_level() {
        let starts: Vec<u64> =
            (0..LEVELS).rev().map(|level| HORIZON - (1 << (BITS * level))).collect();
        assert_eq!(turns(HORIZON - 1), starts);
        let mut random = fastrand::Rng::with_seed(8);
        for _ in 0..10_000 {
            let when = random.u64(1..HORIZON) >> random.u32(0..36);
            assert!(turns(when.max(1)).len() <= LEVELS, "{when}");
        }
    }

    #[test]
    fn a_timer_beyond_the_horizon_goes_round_the_top_level() {
        let turns = turns(70_000_000_000);
        assert_eq!(turns[..2], [1_073_741_824, HORIZON + 1_073_741_824]);
        assert_eq!(turns.last(), Some(&70_000_000_000));
    }

    /// `elapsed XOR when` decides, not how long it is until then.
    #[test]
    fn one_millisecond_can_be_on_any_level() {
        let mut wheel = Wheel::new();
        wheel.insert(HORIZON / 2 - 1);
        while wheel.turn().is_some() {}
        wheel.insert(HORIZON / 2);
        assert_eq!(level_for(HORIZON / 2 - 1, HORIZON / 2), 5);
        assert_eq!(wheel.turn(), Some((HORIZON / 2, vec![HORIZON / 2])));
    }

    /// However many share the way: each is inserted once and moves at most once a level.
    #[test]
    fn a_thousand_times_the_timers_do_not_add_turns_to_one() {
        for timers in [100, 100_000] {
            let mut wheel = Wheel::new();
            (0..timers).for_each(|_| wheel.insert(300_000));
            let turns: Vec<_> = std::iter::from_fn(|| wheel.turn()).collect();
            let (last, before) = turns.split_last().unwrap();
            assert_eq!((last.0, last.1.len()), (300_000, timers));
            let starts: Vec<_> = before.iter().map(|(now, _)| *now).collect();
            assert_eq!(starts, [262_144, 299_008, 299_968]);
        }
    }

    /// The same timers at the same instants as a heap has them.
    #[test]
    fn the_wheel_agrees_with_a_heap() {
        for seed in 0..100 {
            let mut random = fastrand::Rng::with_seed(seed);
            let (mut wheel, mut heap) = (Wheel::new(), BinaryHeap::new());
            for _ in 0..300 {
                if random.bool() {
                    // All magnitudes are equally likely, up to sixteen times the horizon; often
                    // equal instants.
                    let ahead = random.u64(..) >> random.u32(24..64);
                    let near = wheel.elapsed / 64 * 64 + 64;
                    let when = if random.bool() { wheel.elapsed + 1 + ahead } else { near };
                    wheel.insert(when);
                    heap.push(Reverse(when));
                } else if let Some((now, due)) = wheel.turn() {
                    for when in due {
                        assert_eq!(heap.pop(), Some(Reverse(now)));
                        assert_eq!(when, now);
                    }
                    assert!(heap.peek().is_none_or(|Reverse(when)| *when > now));
                }
            }
        }
    }
}
