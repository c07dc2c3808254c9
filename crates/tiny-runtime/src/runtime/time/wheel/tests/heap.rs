//! The wheel agrees with a heap, for any series of steps.

use super::*;
use proptest::prelude::*;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

#[derive(Clone, Debug)]
enum Step {
    /// So far ahead of now.
    Insert(u64),
    /// The nth of those that have not fired, by so much.
    PutOff(prop::sample::Index, u64),
    /// The nth of those that have not fired.
    Remove(prop::sample::Index),
    /// By so much, taking at most so many of those that are due.
    Advance(u64, usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    // All magnitudes up to 16 rounds of the top level, and often the same millisecond.
    let ahead =
        || prop_oneof![0_u64..4, Just(64), (any::<u64>(), 24..64).prop_map(|(n, s)| n >> s)];
    let step = prop_oneof![
        4 => ahead().prop_map(Step::Insert),
        2 => any::<prop::sample::Index>().prop_map(Step::Remove),
        1 => (any::<prop::sample::Index>(), ahead()).prop_map(|(nth, by)| Step::PutOff(nth, by)),
        2 => (ahead(), prop_oneof![0_usize..4, Just(usize::MAX)])
            .prop_map(|(by, most)| Step::Advance(by, most)),
    ];
    prop::collection::vec(step, 0..100)
}

proptest! {
    /// By millisecond and then, if none was put off, as inserted; not one early, not one late.
    #[test]
    fn the_wheel_agrees_with_a_heap(steps in steps()) {
        let mut wheel = Wheel::new();
        let mut heap = BinaryHeap::new();
        let mut keys = BTreeMap::new();
        let mut now = 0;
        let mut in_order = true;
        for (id, step) in steps.into_iter().enumerate() {
            match step {
                Step::Insert(ahead) => {
                    let when = now + ahead;
                    match wheel.insert(when, id) {
                        Ok(key) => {
                            keys.insert(id, key);
                            heap.push(Reverse((when, id)));
                        }
                        Err(_) => assert!(when <= now),
                    }
                }
                Step::Remove(_) | Step::PutOff(..) if keys.is_empty() => {}
                Step::PutOff(nth, by) => {
                    let id = **nth.get(&keys.keys().collect::<Vec<_>>());
                    let old = heap.iter().find(|Reverse((_, other))| *other == id).unwrap().0.0;
                    in_order = false;
                    if wheel.put_off(&keys[&id], old + by) {
                        heap.retain(|&Reverse((_, other))| other != id);
                        heap.push(Reverse((old + by, id)));
                    } else {
                        assert!(old <= now);
                    }
                }
                Step::Remove(nth) => {
                    let id = **nth.get(&keys.keys().collect::<Vec<_>>());
                    assert_eq!(wheel.remove(keys.remove(&id).unwrap()), Some(id));
                    heap.retain(|&Reverse((_, other))| other != id);
                }
                Step::Advance(by, most) => {
                    now += by;
                    for _ in 0..most {
                        let Some(id) = wheel.poll(now) else {
                            assert!(heap.peek().is_none_or(|&Reverse((when, _))| when > now));
                            break;
                        };
                        let &Reverse((when, first)) = heap.peek().unwrap();
                        assert!(when <= now && (id == first || !in_order));
                        let same = |&Reverse(entry): &Reverse<_>| entry != (when, id);
                        let before = heap.len();
                        heap.retain(same);
                        assert_eq!(heap.len(), before - 1, "one of the same millisecond");
                        assert_eq!(wheel.remove(keys.remove(&id).unwrap()), None);
                    }
                }
            }
            wheel.assert_invariants();
            if id % 16 != 0 {
                continue; // the question lets nodes leave their lists, of which there may be more
            }
            // Never later than the next deadline, and no expiry without a timer.
            match (wheel.next_expiry(), heap.peek()) {
                (expiry, None) => assert_eq!(expiry, None),
                (expiry, Some(&Reverse((when, _)))) => assert!(expiry.unwrap() <= when.max(wheel.elapsed)),
            }
        }
    }
}
