//! error[E0451]: of struct `RawWakerVTable` are private
//! Proves D-3-5.
//! Deep dive 3.3: the fields are as the document shows them, and nobody else may fill them.

use std::task::{RawWaker, RawWakerVTable};

static VTABLE: RawWakerVTable =
    RawWakerVTable { clone, wake: nothing, wake_by_ref: nothing, drop: nothing };

unsafe fn clone(data: *const ()) -> RawWaker {
    RawWaker::new(data, &VTABLE)
}

unsafe fn nothing(_: *const ()) {}

fn main() {
    println!("{}", size_of_val(&VTABLE));
}
