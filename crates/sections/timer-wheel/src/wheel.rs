//! Deep dive 8 — A timer moves when its slot starts, not after a lap: 5000 ms take three turns.

use std::collections::{BTreeMap, HashMap};

const BITS: usize = 6;
const SLOTS: usize = 1 << BITS;
const LEVELS: usize = 6;
/// 2^36 ms, about 2.18 years. A timer further away waits in the top level and goes round it.
const HORIZON: u64 = 1 << (BITS * LEVELS);

pub fn main() {
    for when in [63, 64, 4_096, 5_000, 300_000, HORIZON - 1, 70_000_000_000] {
        println!("{when} ms: level {}, turns at {:?}", list_of(0, when) / SLOTS, turns(when));
    }
    let mut wheel = Wheel::new();
    wheel.insert(5_000, "read");
    let retry = wheel.insert(30, "retry");
    wheel.insert(5_000, "write");
    println!("cancelled: {:?}, then {:?}", wheel.cancel(retry), wheel.cancel(retry));
    println!("at 5000 ms: {:?}", std::iter::from_fn(|| wheel.poll(5_000)).collect::<Vec<_>>());
}

/// The instants at which a wheel that holds only this timer has something to do.
pub fn turns(when: u64) -> Vec<u64> {
    let mut wheel = Wheel::new();
    wheel.insert(when, ());
    let mut turns = Vec::new();
    while let Some(now) = wheel.next_expiration() {
        turns.push(now);
        wheel.poll(now);
    }
    turns
}

/// Timers in slots. It knows no clock: the owner sleeps until `next_expiration`, then calls
/// `poll` until it is `None`.
pub struct Wheel<T> {
    /// Never later than a timer in a slot, and never set back, though the clock may be.
    elapsed: u64,
    /// Bit `s` of word `l` is set exactly while slot `s` of level `l` is not empty.
    occupied: [u64; LEVELS],
    /// 64 lists a level, from level 0 on. The order within a list is left to `due`.
    slots: Vec<HashMap<Key, T>>,
    /// What `poll` returns next.
    due: BTreeMap<Key, T>,
    inserted: u64,
}

/// Instant and number. Timers fire in this order; no key comes twice, so an old one is harmless.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(u64, u64);

impl<T> Wheel<T> {
    pub fn new() -> Self {
        let slots = (0..LEVELS * SLOTS).map(|_| HashMap::new()).collect();
        Self { elapsed: 0, occupied: [0; LEVELS], slots, due: BTreeMap::new(), inserted: 0 }
    }

    /// O(1), but among those that are due. An instant that has passed is due at once.
    pub fn insert(&mut self, when: u64, value: T) -> Key {
        let key = Key(when, self.inserted);
        self.inserted += 1;
        self.place(key, value);
        key
    }

    /// O(1), unless it is due: the key tells the slot. `None` if it has been returned or cancelled.
    pub fn cancel(&mut self, key @ Key(when, _): Key) -> Option<T> {
        if when <= self.elapsed {
            return self.due.remove(&key);
        }
        let list = list_of(self.elapsed, when);
        let value = self.slots[list].remove(&key);
        if self.slots[list].is_empty() {
            self.occupied[list / SLOTS] &= !(1 << (list % SLOTS));
        }
        value
    }

    /// When to call `poll`: for a timer to fire, or only to move closer.
    pub fn next_expiration(&self) -> Option<u64> {
        let due = (!self.due.is_empty()).then_some(self.elapsed);
        due.or_else(|| self.next_slot().map(|(start, _)| start))
    }

    /// The next timer that is due, by instant and then in the order of insertion.
    pub fn poll(&mut self, now: u64) -> Option<T> {
        while self.due.is_empty() {
            let Some((start, list)) = self.next_slot().filter(|&(start, _)| start <= now) else {
                self.elapsed = self.elapsed.max(now);
                return None;
            };
            self.elapsed = start;
            self.occupied[list / SLOTS] &= !(1 << (list % SLOTS));
            // Taken out first: a timer a round away comes back to this very slot.
            for (key, value) in std::mem::take(&mut self.slots[list]) {
                self.place(key, value);
            }
        }
        self.due.pop_first().map(|(_, value)| value)
    }

    /// The start of the next slot, and its list. The lowest level with a timer decides: all its
    /// slots are passed before the next slot of the level above starts.
    fn next_slot(&self) -> Option<(u64, usize)> {
        let level = self.occupied.iter().position(|&slots| slots != 0)?;
        let now = self.elapsed >> (BITS * level);
        // Look from the slot after now: the slot of now can only hold timers a round away.
        let ahead = self.occupied[level].rotate_right(((now + 1) % SLOTS as u64) as u32);
        let next = now + 1 + u64::from(ahead.trailing_zeros());
        Some((next << (BITS * level), level * SLOTS + next as usize % SLOTS))
    }

    fn place(&mut self, key @ Key(when, _): Key, value: T) {
        if when <= self.elapsed {
            self.due.insert(key, value);
        } else {
            let list = list_of(self.elapsed, when);
            self.occupied[list / SLOTS] |= 1 << (list % SLOTS);
            self.slots[list].insert(key, value);
        }
    }
}

/// The level is the highest group of six bits in which the two differ, until the slot starts.
fn list_of(elapsed: u64, when: u64) -> usize {
    let level = (elapsed ^ when).clamp(1, HORIZON - 1).ilog2() as usize / BITS;
    level * SLOTS + (when >> (BITS * level)) as usize % SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cmp::Reverse;
    use std::collections::{BinaryHeap, HashMap};

    fn level_for(elapsed: u64, when: u64) -> usize {
        list_of(elapsed, when) / SLOTS
    }

    impl<T> Wheel<T> {
        fn assert_invariants(&self) {
            assert!(self.due.keys().all(|key| key.0 <= self.elapsed));
            for (list, timers) in self.slots.iter().enumerate() {
                let (level, slot) = (list / SLOTS, list % SLOTS);
                assert_eq!(self.occupied[level] >> slot & 1 == 1, !timers.is_empty());
                for key in timers.keys() {
                    assert!(self.elapsed < key.0);
                    assert_eq!(list_of(self.elapsed, key.0), list);
                }
            }
        }
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
            assert!(turns(when).len() <= LEVELS, "{when}");
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
        assert_eq!(wheel.poll(HORIZON / 2 - 1), None);
        wheel.insert(HORIZON / 2, ());
        assert_eq!(level_for(HORIZON / 2 - 1, HORIZON / 2), 5);
        assert_eq!(wheel.next_expiration(), Some(HORIZON / 2));
        assert_eq!(wheel.poll(HORIZON / 2), Some(()));
    }

    #[test]
    fn equal_deadlines_fire_in_the_order_of_insertion() {
        let mut wheel = Wheel::new();
        wheel.insert(5_000, 'a');
        assert_eq!(wheel.poll(4_095), None);
        wheel.insert(5_000, 'b');
        assert_eq!(wheel.poll(4_999), None);
        wheel.insert(5_000, 'c');
        let fired: String = std::iter::from_fn(|| wheel.poll(5_000)).collect();
        assert_eq!(fired, "abc");
    }

    #[test]
    fn an_old_key_does_not_cancel_a_new_timer() {
        let mut wheel = Wheel::new();
        let fired = wheel.insert(1, "fired");
        assert_eq!(wheel.poll(1), Some("fired"));
        assert_eq!(wheel.cancel(fired), None);
        let new = wheel.insert(1, "new");
        assert_eq!(wheel.cancel(fired), None);
        assert_eq!(wheel.cancel(new), Some("new"));
        assert_eq!(wheel.next_expiration(), None);
    }

    #[test]
    fn a_passed_instant_is_due_at_once_and_the_clock_may_go_back() {
        let mut wheel = Wheel::new();
        assert_eq!(wheel.poll(100), None);
        wheel.insert(40, "late");
        assert_eq!(wheel.next_expiration(), Some(100));
        assert_eq!(wheel.poll(50), Some("late"));
        assert_eq!(wheel.poll(50), None);
        assert_eq!(wheel.elapsed, 100);
    }

    /// However many share the way: each is inserted once and moves at most once a level.
    #[test]
    fn a_thousand_times_the_timers_do_not_add_turns_to_one() {
        let turns_of = |timers: u64| {
            let mut wheel = Wheel::new();
            for timer in 0..timers {
                wheel.insert(300_000, timer);
            }
            let mut turns = Vec::new();
            while let Some(now) = wheel.next_expiration() {
                turns.push(now);
                while wheel.poll(now).is_some() {}
            }
            turns
        };
        assert_eq!(turns_of(100), [262_144, 299_008, 299_968, 300_000]);
        assert_eq!(turns_of(100_000), turns_of(100));
    }

    /// The same timers at the same instants in the same order as a heap sorted by both.
    #[test]
    fn the_wheel_agrees_with_a_heap() {
        for seed in 0..100 {
            agrees_with_a_heap(&mut fastrand::Rng::with_seed(seed));
        }
    }

    fn agrees_with_a_heap(random: &mut fastrand::Rng) {
        let mut wheel = Wheel::new();
        let mut heap = BinaryHeap::new();
        let mut keys = HashMap::new();
        let mut now = 0;
        for timer in 0..300_u32 {
            // All magnitudes are equally likely, up to sixteen times the horizon.
            let ahead = random.u64(..) >> random.u32(24..64);
            match random.u32(0..4) {
                0 | 1 => {
                    // Often equal instants, some of them passed.
                    let when = if random.bool() { now + ahead } else { now / 64 * 64 + 64 };
                    let when = when.saturating_sub(random.u64(0..2));
                    keys.insert(timer, wheel.insert(when, timer));
                    heap.push(Reverse((when, timer)));
                }
                2 => {
                    let Some(&timer) = random.choice(keys.keys().collect::<Vec<_>>()) else {
                        continue;
                    };
                    assert_eq!(wheel.cancel(keys[&timer]), Some(timer));
                    keys.remove(&timer);
                    heap.retain(|&Reverse((_, other))| other != timer);
                }
                _ => {
                    now += ahead / 4;
                    while let Some(timer) = wheel.poll(now) {
                        let Reverse((when, expected)) = heap.pop().expect("as many timers");
                        assert!(when <= now);
                        assert_eq!(timer, expected);
                        keys.remove(&timer);
                    }
                    assert!(heap.peek().is_none_or(|Reverse((when, _))| *when > now));
                }
            }
            wheel.assert_invariants();
        }
    }
}
