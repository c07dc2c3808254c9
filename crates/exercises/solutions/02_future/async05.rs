//! Guide 2.4 — A future wakes the task that polled it last.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

/// The future and `give` share this.
#[derive(Default)]
struct Slot {
    answer: Option<u32>,
    waker: Option<Waker>,
}

/// Ready when somebody has given the answer.
struct Answer(Arc<Mutex<Slot>>);

impl Future for Answer {
    type Output = u32;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u32> {
        let mut slot = self.0.lock().unwrap();
        if let Some(answer) = slot.answer.take() {
            return Poll::Ready(answer);
        }
        // Each poll may come from another task: the task of the last poll is the one that waits.
        slot.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

fn give(slot: &Mutex<Slot>, answer: u32) {
    let mut slot = slot.lock().unwrap();
    slot.answer = Some(answer);
    if let Some(waker) = slot.waker.take() {
        waker.wake();
    }
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::Wakes;

    #[test]
    fn the_task_that_polled_last_is_woken() {
        let slot = Arc::default();
        let mut answer = Answer(Arc::clone(&slot));
        let (first, second) = (Wakes::new(), Wakes::new());
        assert_eq!(first.poll(Pin::new(&mut answer)), Poll::Pending);
        assert_eq!(second.poll(Pin::new(&mut answer)), Poll::Pending);
        assert_eq!((first.count(), second.count()), (0, 0), "nothing has happened yet");

        give(&slot, 42);
        assert_eq!((first.count(), second.count()), (0, 1));
        assert_eq!(second.poll(Pin::new(&mut answer)), Poll::Ready(42));
    }
}
