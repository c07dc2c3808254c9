use std::task::Waker;

fn main() {
    // What the list names, `clone` being the method of a trait, and some of what it leaves out.
    let _: fn(Waker) = Waker::wake;
    let _: fn(&Waker) = Waker::wake_by_ref;
    let _: fn(&Waker) -> Waker = <Waker as Clone>::clone;
    let _: fn(&mut Waker, &Waker) = <Waker as Clone>::clone_from;
    let _: fn(&Waker, &Waker) -> bool = Waker::will_wake;
    let _: fn() -> &'static Waker = Waker::noop;
}
