use std::task::{RawWaker, RawWakerVTable};

static VTABLE: RawWakerVTable = RawWakerVTable::new(clone, nothing, nothing, nothing);

unsafe fn clone(data: *const ()) -> RawWaker {
    RawWaker::new(data, &VTABLE)
}

unsafe fn nothing(_: *const ()) {}

fn main() {
    println!("{}", size_of_val(&VTABLE));
}
