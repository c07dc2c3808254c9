use std::task::Waker;

/// All three exist with these types; `clone` is the trait's.
const WAKE: fn(Waker) = Waker::wake;
const WAKE_BY_REF: fn(&Waker) = Waker::wake_by_ref;
const CLONE: fn(&Waker) -> Waker = <Waker as Clone>::clone;

fn main() {
    let waker = CLONE(Waker::noop());
    WAKE_BY_REF(&waker);
    WAKE(waker);
    println!("{}", size_of::<Waker>());
}
