//! error[E0277]: cannot be unpinned
//! Proves G-5.3-2, D-4-8.
//! Guide 5.3: the line that the document has commented out. No `.await` is needed for it.

fn takes_unpin<T: Unpin>(_: &T) {}

fn main() {
    let future = async { 42 };
    takes_unpin(&future);
}
