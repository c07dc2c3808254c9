//! Deep dive 4.1 — A reference into a `Vec` points out of the future, one into an array points into it.

use std::future::ready;
use std::ops::Range;
use std::pin::pin;
use std::ptr::addr_of;
use std::sync::atomic::{AtomicUsize, Ordering};

#[tokio::main]
pub async fn main() {
    let address = AtomicUsize::new(0);

    let mut future = pin!(example(&address));
    let range = range_of(&*future);
    future.as_mut().await;
    println!("into the future, from a Vec: {}", range.contains(&address.load(Ordering::Relaxed)));

    let mut future = pin!(example_with_array(&address));
    let range = range_of(&*future);
    future.as_mut().await;
    println!(
        "into the future, from an array: {}",
        range.contains(&address.load(Ordering::Relaxed))
    );
}

/// The document's: `data` is in the future, its elements are on the heap, which does not move.
#[expect(clippy::useless_vec, reason = "an array would be in the future: see the next function")]
async fn example(address: &AtomicUsize) {
    let data = vec![1, 2, 3];
    let ptr = &data[0];
    address.store(addr_of!(*ptr).addr(), Ordering::Relaxed);
    some_future().await;
    println!("{}", *ptr);
}

/// Does what the document means: if it moved between two polls, `ptr` would point to the old place.
async fn example_with_array(address: &AtomicUsize) {
    let data = [1, 2, 3];
    let ptr = &data[0];
    address.store(addr_of!(*ptr).addr(), Ordering::Relaxed);
    some_future().await;
    println!("{}", *ptr);
}

async fn some_future() {
    ready(()).await;
}

fn range_of<T>(value: &T) -> Range<usize> {
    let start = addr_of!(*value).addr();
    start..start + size_of_val(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the address that `example` stores is inside of its future, and where.
    async fn offset<'a, F: Future>(
        address: &'a AtomicUsize,
        example: impl FnOnce(&'a AtomicUsize) -> F,
    ) -> Option<usize> {
        let mut future = pin!(example(address));
        let range = range_of(&*future);
        future.as_mut().await;
        let address = address.load(Ordering::Relaxed);
        range.contains(&address).then(|| address - range.start)
    }

    /// Proves D-4-2, D-19-3.
    #[tokio::test]
    async fn an_element_of_a_vec_is_not_in_the_future_and_one_of_an_array_is() {
        let address = AtomicUsize::new(0);
        assert_eq!(offset(&address, example).await, None);
        assert!(offset(&address, example_with_array).await.is_some());
    }

    /// Both are self-referential where the reference is to the variable itself.
    #[tokio::test]
    async fn a_vec_itself_is_in_the_future() {
        async fn to_the_vec(address: &AtomicUsize) {
            let data = vec![1, 2, 3];
            let ptr = &data;
            address.store(addr_of!(*ptr).addr(), Ordering::Relaxed);
            some_future().await;
            assert_eq!(ptr.len(), 3);
        }
        let address = AtomicUsize::new(0);
        assert!(offset(&address, to_the_vec).await.is_some());
    }

    /// Shows what a move of the two futures would do to the target of `ptr`.
    /// Proves D-4-2.
    #[test]
    fn a_move_takes_an_array_along_and_leaves_the_elements_of_a_vec_where_they_are() {
        let data = vec![1, 2, 3];
        let before = range_of(&data[0]);
        let moved = Box::new(data);
        assert_eq!(range_of(&moved[0]), before);

        let data = [1, 2, 3];
        let before = range_of(&data[0]);
        let moved = Box::new(data);
        assert_ne!(range_of(&moved[0]), before);
        assert_eq!(*moved, data, "an array is copied: the old one is still there to compare with");
    }

    /// The array costs its elements, the `Vec` three words.
    #[test]
    fn only_the_array_is_stored_in_the_future() {
        async fn of_vec() {
            let data = vec![1_u8; 1024];
            let ptr = &data[0];
            std::future::pending::<()>().await;
            println!("{}", *ptr);
        }
        async fn of_array() {
            let data = [1_u8; 1024];
            let ptr = &data[0];
            std::future::pending::<()>().await;
            println!("{}", *ptr);
        }
        assert_eq!(size_of_val(&of_vec()), 5 * size_of::<usize>());
        assert!(size_of_val(&of_array()) > 1024);
    }
}
