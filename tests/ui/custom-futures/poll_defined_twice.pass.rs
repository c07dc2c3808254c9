use std::pin::{Pin, pin};
use std::task::{Context, Waker};

pub trait Future {
    type Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output>;
}

pub enum Poll<T> {
    Ready(T),
    Pending,
}

struct Once(Option<u32>);

impl Future for Once {
    type Output = u32;

    fn poll(mut self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<u32> {
        self.0.take().map_or(Poll::Pending, Poll::Ready)
    }
}

fn main() {
    let polled = pin!(Once(Some(42))).poll(&mut Context::from_waker(Waker::noop()));
    assert!(matches!(polled, Poll::Ready(42)));
}
