mod heap;

use super::*;
use crate::runtime::time::nodes::CHUNK;
use std::iter::from_fn;
use std::task::Waker;

impl<T> Wheel<T> {
    fn assert_invariants(&mut self) {
        for (list, &List { head, tail }) in self.lists.clone().iter().enumerate() {
            let is_occupied = self.occupied[list / SLOTS] >> (list % SLOTS) & 1 == 1;
            assert_eq!((head != NIL, tail != NIL), (is_occupied, is_occupied));
            let (mut before, mut node) = (NIL, head);
            while node != NIL {
                let Links { prev, next } = *self.nodes.links(node);
                let Node { value, place } = self.nodes.get(node);
                assert!(value.is_some() != self.leaving.contains(&node));
                assert_eq!((prev, usize::from(place.list)), (before, list));
                let due = place.when() <= self.elapsed;
                assert!(!due || list == DUE || self.elapsed == u64::MAX);
                (before, node) = (node, next);
            }
            assert_eq!(before, tail);
        }
    }

    fn level_of(&self, when: u64) -> usize {
        self.list_of(when) / SLOTS
    }
}

/// When a wheel with timers of these deadlines has something to do.
fn turns(deadlines: &[u64]) -> Vec<u64> {
    let mut wheel = Wheel::new();
    for &when in deadlines {
        let _ = wheel.insert(when, ()).unwrap();
    }
    let next = |wheel: &mut Wheel<()>| {
        let now = wheel.next_expiry()?;
        while wheel.poll(now).is_some() {}
        Some(now)
    };
    from_fn(|| next(&mut wheel)).collect()
}

#[test]
fn a_timer_turns_the_wheel_at_the_start_of_each_slot_on_its_way() {
    assert_eq!(turns(&[64]), [64]);
    assert_eq!(turns(&[5_000]), [4_096, 4_992, 5_000]);
    assert_eq!(turns(&[300_000]), [262_144, 299_008, 299_968, 300_000]);
}

#[test]
fn a_hundred_thousand_timers_of_one_deadline_turn_it_no_more_often_than_one() {
    assert_eq!(turns(&[300_000; 100_000]), turns(&[300_000]));
}

#[test]
fn a_slot_is_as_wide_as_the_level_below() {
    let wheel = Wheel::<()>::new();
    let widths = [1, 64, 4_096, 262_144, 16_777_216, 1_073_741_824];
    for (level, width) in widths.into_iter().enumerate() {
        assert_eq!(wheel.level_of(width), level);
        assert_eq!(wheel.level_of(width * 64 - 1), level);
    }
    assert_eq!(HORIZON, 1_073_741_824 * 64);
}

#[test]
fn the_longest_way_is_one_turn_a_level() {
    let starts = [1 << 30, 1 << 24, 1 << 18, 1 << 12, 1 << 6, 1].map(|width| HORIZON - width);
    assert_eq!(turns(&[HORIZON - 1]), starts);
}

#[test]
fn a_timer_beyond_the_horizon_goes_round_the_top_level() {
    let turns = turns(&[70_000_000_000]);
    assert_eq!(turns[..2], [1_073_741_824, HORIZON + 1_073_741_824]);
    assert_eq!(turns.last(), Some(&70_000_000_000));
}

/// Slot 5 comes round for the one only after slot 20 has come for the other.
#[test]
fn a_timer_a_round_away_may_share_the_slot_of_now() {
    let mut wheel = Wheel::new();
    assert_eq!(wheel.poll(5 << 30), None);
    let _ = wheel.insert(HORIZON + (5 << 30) + 1, "a round away").unwrap();
    let _ = wheel.insert((20 << 30) + 10, "this round").unwrap();
    assert_eq!(wheel.next_expiry(), Some(20 << 30));
    assert_eq!(wheel.poll(HORIZON), Some("this round"));
}

/// `elapsed XOR when` decides, not how long it is until then.
#[test]
fn one_millisecond_can_be_on_any_level() {
    let mut wheel = Wheel::new();
    assert_eq!(wheel.poll(HORIZON / 2 - 1), None);
    assert_eq!(wheel.level_of(HORIZON / 2), 5);
    let _ = wheel.insert(HORIZON / 2, ()).unwrap();
    assert_eq!(wheel.next_expiry(), Some(HORIZON / 2));
    assert_eq!(wheel.poll(HORIZON / 2), Some(()));
}

#[test]
fn equal_deadlines_fire_first_in_first_out_whichever_level_they_began_on() {
    let mut wheel = Wheel::new();
    for (now, name) in [(0, 'a'), (0, 'b'), (4_095, 'c'), (4_991, 'd'), (4_999, 'e')] {
        assert_eq!(wheel.poll(now), None);
        let _ = wheel.insert(5_000, name).unwrap();
    }
    assert_eq!(from_fn(|| wheel.poll(5_000)).collect::<String>(), "abcde");
}

#[test]
fn what_has_elapsed_does_not_enter_and_the_clock_may_go_back() {
    let mut wheel = Wheel::new();
    assert_eq!(wheel.poll(100), None);
    assert_eq!(wheel.poll(50), None);
    assert_eq!(wheel.insert(100, "late").err(), Some("late"));
    assert_eq!(wheel.next_expiry(), None);
}

#[test]
fn a_key_is_good_until_it_is_given_back() {
    let mut wheel = Wheel::new();
    let fires = wheel.insert(1, "fires").unwrap();
    assert_eq!(wheel.poll(1), Some("fires"));
    let other = wheel.insert(2, "other").unwrap();
    assert_eq!(wheel.get_mut(&fires), None);
    assert_eq!(wheel.remove(fires), None);
    assert_eq!(wheel.get_mut(&other), Some(&mut "other"));
    assert_eq!(wheel.remove(other), Some("other"));
    assert_eq!(wheel.next_expiry(), None);
}

/// Between two batches of the driver: due, but not yet returned.
#[test]
fn a_timer_that_is_due_can_be_removed() {
    let mut wheel = Wheel::new();
    let [_a, b, _c] = ["a", "b", "c"].map(|name| wheel.insert(1, name).unwrap());
    assert_eq!(wheel.poll(1), Some("a"));
    assert_eq!(wheel.next_expiry(), Some(1));
    assert_eq!(wheel.remove(b), Some("b"));
    assert_eq!((wheel.poll(1), wheel.poll(1)), (Some("c"), None));
}

#[test]
fn at_the_end_of_time_all_is_due() {
    let mut wheel = Wheel::new();
    let deadlines = [1, 64, HORIZON, u64::MAX];
    let keys = deadlines.map(|when| wheel.insert(when, when).unwrap());
    wheel.expire_all();
    let [_, removed, ..] = keys;
    assert_eq!(wheel.remove(removed), Some(64));
    assert_eq!(from_fn(|| wheel.poll(u64::MAX)).count(), 3);
    assert!(wheel.insert(u64::MAX, 0).is_err());
}

#[test]
fn a_timer_is_32_bytes_and_its_memory_is_used_again() {
    let bytes = if cfg!(target_pointer_width = "64") { 32 } else { 24 };
    assert_eq!(size_of::<(Node<Waker>, Links)>(), bytes);
    let mut wheel = Wheel::new();
    for when in 1..10_000 {
        let keys = [(); CHUNK].map(|()| wheel.insert(when, ()).unwrap());
        if when % 2 == 0 {
            while wheel.poll(when).is_some() {}
        }
        for key in keys {
            wheel.remove(key);
        }
    }
    assert_eq!(wheel.nodes.chunks.len(), 1);
}

/// Among others its node stays where it is, until the wheel is asked what is next.
#[test]
fn a_timer_that_was_removed_is_never_next() {
    let mut wheel = Wheel::new();
    let [a, b, c, d] = [(); 4].map(|()| wheel.insert(5, ()).unwrap());
    for (key, leaving) in [(b, 1), (a, 1), (d, 1), (c, 1)] {
        assert_eq!(wheel.remove(key), Some(()));
        assert_eq!(wheel.leaving.len(), leaving);
        wheel.assert_invariants();
    }
    assert_eq!((wheel.next_expiry(), wheel.poll(5)), (None, None));
    let mut keys: Vec<_> = (0..2 * LEAVING + 2).map(|_| wheel.insert(9, ()).unwrap()).collect();
    let (first, last) = (keys.remove(0), keys.pop().unwrap());
    for (at, key) in (1..).zip(keys) {
        assert_eq!(wheel.remove(key), Some(()));
        assert_eq!(wheel.leaving.len(), at % LEAVING);
    }
    assert_eq!(wheel.next_expiry(), Some(9), "two are still there");
    assert_eq!((wheel.remove(first), wheel.remove(last)), (Some(()), Some(())));
    assert_eq!(wheel.next_expiry(), None);
}

/// As on Tokio, which does not move a timer that is put off before its slot starts.
#[test]
fn a_timer_that_is_put_off_queues_behind_those_that_were_there_before_its_old_deadline() {
    let mut wheel = Wheel::new();
    let [a, b] = [(10, 'a'), (20, 'b')].map(|(when, name)| wheel.insert(when, name).unwrap());
    assert!(wheel.put_off(&a, 20) && wheel.put_off(&b, 20));
    let _ = wheel.insert(20, 'c').unwrap();
    assert_eq!(wheel.next_expiry(), Some(10));
    assert_eq!(wheel.poll(15), None);
    let _ = wheel.insert(20, 'd').unwrap();
    assert!(!wheel.put_off(&a, 19), "that is sooner");
    assert_eq!(from_fn(|| wheel.poll(20)).collect::<String>(), "bcad");
    assert!(!wheel.put_off(&a, 30), "it has fired");
    let due = [30, 30].map(|when| wheel.insert(when, 'e').unwrap());
    assert_eq!(wheel.poll(30), Some('e'));
    assert!(!wheel.put_off(&due[1], 40), "it is due");
}

/// Chunks of 256, 512 and 1,024.
#[test]
fn each_chunk_is_twice_as_large_as_the_one_before() {
    let mut wheel = Wheel::new();
    let keys: Vec<_> = (0..3 * CHUNK + 1).map(|at| wheel.insert(9, at).unwrap()).collect();
    assert_eq!(wheel.nodes.chunks.len(), 3);
    wheel.assert_invariants();
    assert!(keys.into_iter().enumerate().all(|(at, key)| wheel.remove(key) == Some(at)));
    wheel.assert_invariants();
}
