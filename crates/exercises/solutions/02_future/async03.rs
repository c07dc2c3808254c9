//! Guide 2.1 — A future is a type with one method, `poll`.

use std::pin::Pin;
use std::task::{Context, Poll};

/// Is `Pending` as often as `left` says, and then ready.
struct Countdown {
    left: u32,
}

impl Future for Countdown {
    type Output = &'static str;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.left == 0 {
            return Poll::Ready("lift-off");
        }
        self.left -= 1;
        // Without this nobody would poll it again, and the task would wait without an end.
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::{Wakes, paused};
    use std::pin::pin;
    use std::task::Poll;

    #[test]
    fn it_ends_on_a_runtime() {
        assert_eq!(paused(Countdown { left: 3 }), "lift-off");
    }

    #[test]
    fn each_poll_counts_one_down_and_wakes_once() {
        let wakes = Wakes::new();
        let mut countdown = pin!(Countdown { left: 2 });
        for polls in 1..=2 {
            assert_eq!(wakes.poll(countdown.as_mut()), Poll::Pending);
            assert_eq!(wakes.count(), polls);
        }
        assert_eq!(wakes.poll(countdown.as_mut()), Poll::Ready("lift-off"));
        assert_eq!(wakes.count(), 2);
    }
}
