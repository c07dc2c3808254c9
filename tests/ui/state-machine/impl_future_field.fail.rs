//! error[E0562]: `impl Trait` is not allowed in field types
//! Proves D-2-5.
//! Deep dive 2.3: the enum of the document.

enum ExampleState {
    Start,
    Awaiting1 { fut: impl Future<Output = u32> },
    Awaiting2 { x: u32, fut: impl Future<Output = u32> },
    Done,
}

fn main() {
    let state = ExampleState::Start;
    println!("{}", matches!(state, ExampleState::Done));
}
