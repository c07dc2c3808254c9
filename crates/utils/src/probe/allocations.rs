/// Runs `work` and counts the heap allocations it makes on this thread.
///
/// Allocations of other threads are not counted, so a test may run beside others.
pub fn allocations<T>(work: impl FnOnce() -> T) -> (u64, T) {
    let mut result = None;
    let info = allocation_counter::measure(|| result = Some(work()));
    (info.count_total, result.expect("`measure` runs its closure"))
}

#[cfg(test)]
mod tests {
    use super::allocations;

    #[test]
    fn a_box_is_one_allocation_and_a_number_is_none() {
        assert_eq!(allocations(|| 1 + 1).0, 0);
        assert_eq!(allocations(|| drop(Box::new(1))).0, 1);
    }
}
