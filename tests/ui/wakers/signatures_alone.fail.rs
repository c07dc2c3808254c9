//! error: associated function in `impl` without body
//! Proves D-3-2.
//! Deep dive 3.2: the methods of the document are signatures.

use std::task::RawWaker;

pub struct Waker {
    waker: RawWaker,
}

impl Waker {
    pub fn wake(self);
    pub fn wake_by_ref(&self);
    pub fn clone(&self) -> Waker;
}

fn main() {
    println!("{}", size_of::<Waker>());
}
