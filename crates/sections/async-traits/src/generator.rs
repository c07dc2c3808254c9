//! Deep dive 15 — `gen` blocks are not stable: an iterator still keeps its state by hand.

use std::iter::from_fn;
use std::mem::replace;

pub fn main() {
    println!("{:?}", fibonacci().take(10).collect::<Vec<_>>());
    println!("the last in 64 bits: {:?}", fibonacci().last());
}

/// A `gen` block would be a loop with `yield a`. Here each call goes from one `yield` to the next.
fn fibonacci() -> impl Iterator<Item = u64> {
    // `None` once the sum does not fit: the iterator ends, and nothing overflows.
    let (mut a, mut b) = (Some(0_u64), Some(1));
    from_fn(move || {
        let yielded = a?;
        let sum = b.and_then(|b| yielded.checked_add(b));
        a = replace(&mut b, sum);
        Some(yielded)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use utils::probe::allocations;

    #[test]
    fn each_is_the_sum_of_the_two_before_it() {
        let all: Vec<_> = fibonacci().collect();
        assert_eq!(all[..2], [0, 1]);
        assert!(all.windows(3).all(|three| three[2] == three[0] + three[1]));
    }

    #[test]
    fn it_ends_with_the_last_that_fits() {
        let mut numbers = fibonacci().skip(92);
        let (before, last) = (numbers.next().unwrap(), numbers.next().unwrap());
        assert_eq!(last, 12_200_160_415_121_876_738);
        assert_eq!(before.checked_add(last), None);
        assert_eq!((numbers.next(), numbers.next()), (None, None));
    }

    #[test]
    fn it_allocates_nothing() {
        let (count, sum) = allocations(|| fibonacci().take(10).sum::<u64>());
        assert_eq!((count, sum), (0, 88));
    }

    /// As with a future: what nobody asks for does not run.
    #[test]
    fn it_runs_only_as_far_as_somebody_asks() {
        let calls = Cell::new(0);
        let mut numbers = from_fn(|| {
            calls.set(calls.get() + 1);
            Some(calls.get())
        });
        assert_eq!(calls.get(), 0);
        assert_eq!((numbers.next(), calls.get()), (Some(1), 1));
    }
}
