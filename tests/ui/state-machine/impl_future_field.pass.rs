use std::future::{Ready, ready};

enum ExampleState<F1, F2> {
    Start,
    Awaiting1 { fut: F1 },
    Awaiting2 { x: u32, fut: F2 },
    Done,
}

async fn finish(state: ExampleState<impl Future<Output = u32>, Ready<u32>>) -> Option<u32> {
    match state {
        ExampleState::Start | ExampleState::Done => None,
        ExampleState::Awaiting1 { fut } => Some(fut.await),
        ExampleState::Awaiting2 { x, fut } => Some(x + fut.await),
    }
}

fn main() {
    let states = [
        ExampleState::Start,
        ExampleState::Awaiting1 { fut: ready(1) },
        ExampleState::Awaiting2 { x: 1, fut: ready(2) },
        ExampleState::Done,
    ];
    println!("{}", states.map(|state| size_of_val(&finish(state))).len());
}
