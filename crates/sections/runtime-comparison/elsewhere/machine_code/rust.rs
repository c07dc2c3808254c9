//! The machine of an `async fn` with two suspensions, as the compiler makes it.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Is ready once somebody has put a number in.
pub struct Slot(Cell<Option<u64>>);

impl Future for &Slot {
    type Output = u64;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u64> {
        match self.0.take() {
            Some(number) => Poll::Ready(number),
            None => Poll::Pending,
        }
    }
}

async fn example(one: &Slot, two: &Slot) -> u64 {
    let a = one.await;
    let b = two.await;
    a + b
}

/// Makes its `poll` a function of its own, which machine_code.sh counts.
pub fn start<'a>(one: &'a Slot, two: &'a Slot) -> Box<dyn Future<Output = u64> + 'a> {
    Box::new(example(one, two))
}
