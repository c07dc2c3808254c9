//! Guide 2.1 — A future is a type with one method, `poll`.
//!
//! `poll` returns `Ready` with the value, or `Pending`. Before a future returns `Pending`, it makes
//! sure that somebody will wake its task: otherwise nobody polls it again.
//!
//! Fails first: it does not compile: E0277.

/// Is `Pending` as often as `left` says, and then ready.
struct Countdown {
    left: u32,
}

// TODO: Implement `Future` for `Countdown`, with the output "lift-off". Each pending poll counts
// one down.

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
