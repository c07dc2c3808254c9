/// Runs `work` and counts the heap allocations it makes on this thread.
///
/// Allocations of other threads are not counted, so a test may run beside others.
pub fn allocations<T>(work: impl FnOnce() -> T) -> (u64, T) {
    let mut result = None;
    let info = allocation_counter::measure(|| result = Some(work()));
    (info.count_total, result.expect("`measure` runs its closure"))
}

/// Runs `work` and counts the heap allocations of this thread that outlive it.
///
/// Memory that was allocated before and is freed meanwhile counts against it.
pub fn allocations_kept<T>(work: impl FnOnce() -> T) -> (i64, T) {
    let mut result = None;
    let info = allocation_counter::measure(|| result = Some(work()));
    (info.count_current, result.expect("`measure` runs its closure"))
}

#[cfg(test)]
mod tests {
    use super::{allocations, allocations_kept};

    #[test]
    fn a_box_is_one_allocation_and_a_number_is_none() {
        assert_eq!(allocations(|| 1 + 1).0, 0);
        assert_eq!(allocations(|| drop(Box::new(1))).0, 1);
    }

    #[test]
    fn a_box_is_kept_until_it_is_dropped() {
        let (kept, boxed) = allocations_kept(|| Box::new(1));
        assert_eq!(kept, 1);
        assert_eq!(allocations_kept(|| drop(boxed)).0, -1);
    }
}
