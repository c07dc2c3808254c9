//! In which order the answers of a question are shown: that of the page would give away the right one.

use std::hash::{BuildHasher, Hasher, RandomState};

/// The same seed gives the same order, on every machine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Order(pub u64);

impl Order {
    /// A new one at each call, short enough to be typed.
    pub fn any() -> Self {
        Self(RandomState::new().build_hasher().finish() % 10_000)
    }

    /// The order in which the answers of the question `id` are shown.
    pub fn of(self, id: &str, count: usize) -> Vec<usize> {
        let mut state = id.bytes().fold(self.0, |state, byte| mixed(state ^ u64::from(byte)));
        let mut places: Vec<_> = (0..count).collect();
        // Each of the places left is as likely as the others: Fisher and Yates.
        for last in (1..count).rev() {
            state = mixed(state);
            let bound = u64::try_from(last + 1).unwrap_or(u64::MAX);
            let chosen = usize::try_from(state % bound).unwrap_or(last);
            places.swap(last, chosen);
        }
        places
    }
}

/// The next number of SplitMix64: neighbours have nothing in common.
fn mixed(state: u64) -> u64 {
    let state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::{Question, questions as all};

    /// Under which number the right answer stands, from 0.
    fn right(question: &Question, seed: u64) -> usize {
        let shown = Order(seed).of(question.id, question.answers.len());
        shown.iter().position(|&place| place == question.right).unwrap()
    }

    #[test]
    fn an_order_has_every_answer_once_and_one_seed_has_one_order() {
        for seed in [0, 1, 4711, u64::MAX] {
            for count in 0..=9 {
                let shown = Order(seed).of("lifo", count);
                assert_eq!(shown, Order(seed).of("lifo", count));
                let mut sorted = shown;
                sorted.sort_unstable();
                assert_eq!(sorted, (0..count).collect::<Vec<_>>());
            }
        }
        // Of another build or machine as well: a seed can be passed on.
        assert_eq!(Order(7).of("yield", 4), [2, 1, 3, 0]);
    }

    /// 6000 seeds: each number is the right one in a share of 1 / count, give or take a tenth.
    #[test]
    fn no_number_is_the_right_one_more_often_than_the_others() {
        for question in all() {
            let count = question.answers.len();
            let mut often = vec![0_usize; count];
            (0..6000).for_each(|seed| often[right(question, seed)] += 1);
            let expected = 6000 / count;
            for times in often {
                assert!(times.abs_diff(expected) <= expected / 10, "{}: {times}", question.id);
            }
        }
    }

    #[test]
    fn the_questions_do_not_have_their_right_answers_at_one_place() {
        let all = all();
        for seed in 0..1000 {
            let mut often = [0; 9];
            all.iter().for_each(|question| often[right(question, seed)] += 1);
            assert!(often.iter().all(|&times| times < 13), "{seed}: {often:?}");
        }
    }

    #[test]
    fn without_a_seed_the_order_changes() {
        let seeds: Vec<_> = (0..20).map(|_| Order::any()).collect();
        assert!(seeds.iter().any(|seed| *seed != seeds[0]), "{seeds:?}");
        assert!(seeds.iter().all(|seed| seed.0 < 10_000), "{seeds:?}");
    }
}
