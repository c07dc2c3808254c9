//! Guide 5.3 — Most types are `Unpin`, so a pin does not hold them. Async blocks are not.

use std::marker::PhantomPinned;
use std::pin::Pin;

pub fn main() {
    let mut x = MyStruct { value: 42 };
    takes_unpin(&x);

    // Safe code may take an `Unpin` value out of its pin, or replace it.
    let pinned = Pin::new(&mut x);
    let old = std::mem::replace(pinned.get_mut(), MyStruct { value: 43 });
    println!("{} {}", old.value, x.value);

    // Pinned, a future that is not `Unpin` becomes a pointer that is.
    let future = Box::pin(async { 42 });
    takes_unpin(&future);
    takes_unpin(&SimpleFuture(PhantomPinned));
}

/// `Unpin` by itself, since its fields are.
struct MyStruct {
    value: i32,
}

/// Not `Unpin` by itself, but nothing here points into it: the author may say so.
struct SimpleFuture(PhantomPinned);

impl Unpin for SimpleFuture {}

fn takes_unpin<T: Unpin>(_: &T) {}

#[cfg(test)]
mod tests {
    use std::marker::PhantomPinned;
    use std::pin::Pin;

    fn is_unpin<T: Unpin>() {}

    /// Proves G-5.1-4, G-まとめ-1, D-4-7.
    #[test]
    fn values_and_every_kind_of_pointer_are_unpin() {
        is_unpin::<i32>();
        is_unpin::<String>();
        is_unpin::<Vec<String>>();
        is_unpin::<&mut PhantomPinned>();
        is_unpin::<Box<PhantomPinned>>();
        is_unpin::<Pin<Box<dyn Future<Output = ()>>>>();
        is_unpin::<std::future::Ready<i32>>();
        is_unpin::<tokio::task::JoinHandle<PhantomPinned>>();
    }

    /// The document's snippet. That it compiles is the test.
    /// Proves G-5.3-1.
    #[test]
    fn an_unpin_by_hand_may_stand_beside_one_by_itself() {
        struct MyStruct {
            value: i32,
        }
        let x = MyStruct { value: 42 };
        super::takes_unpin(&x);
        assert_eq!(x.value, 42);

        struct SimpleFuture;
        impl Unpin for SimpleFuture {}
        super::takes_unpin(&SimpleFuture);
    }

    /// The `impl Unpin` of the document is therefore not needed.
    /// Proves G-5.3-3.
    #[test]
    fn a_struct_without_a_pinned_field_is_unpin_by_itself() {
        struct SimpleFuture;
        struct MyStruct {
            _data: Vec<u8>,
        }
        is_unpin::<SimpleFuture>();
        is_unpin::<MyStruct>();
    }
}
