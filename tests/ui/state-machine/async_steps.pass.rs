use pin_project::pin_project;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

#[pin_project]
struct Example<F> {
    #[pin]
    step_one_future: F,
}

impl<F: Future<Output = u64>> Future for Example<F> {
    type Output = u64;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u64> {
        self.project().step_one_future.poll(cx)
    }
}

async fn step_one() -> u64 {
    42
}

fn main() {
    let example = pin!(Example { step_one_future: step_one() });
    println!("{:?}", example.poll(&mut Context::from_waker(Waker::noop())));
}
