//! Guide 2.1 — A future that returns `Pending` and stores no waker hangs, unless a timeout hides it.

use std::future::poll_fn;
use std::task::Poll;
use tokio::time::{Duration, Instant, timeout};

#[tokio::main]
pub async fn main() {
    println!("Mindful: poll {}", mindful().await);

    // The timer wakes the task, and the task polls the forgetful future once more: `Ok`.
    let start = Instant::now();
    let result = timeout(Duration::from_millis(50), forgetful()).await;
    let late = start.elapsed() >= Duration::from_millis(50);
    println!("Forgetful in a timeout: {result:?}, only at its deadline: {late}");
}

/// Ready at its second poll, which nothing asks for: the mistake of this file.
fn forgetful() -> impl Future<Output = u32> {
    let mut polls = 0;
    poll_fn(move |_cx| {
        polls += 1;
        if polls >= 2 { Poll::Ready(polls) } else { Poll::Pending }
    })
}

/// The same with the line that was missing.
fn mindful() -> impl Future<Output = u32> {
    let mut polls = 0;
    poll_fn(move |cx| {
        polls += 1;
        if polls >= 2 {
            return Poll::Ready(polls);
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;
    use std::sync::Arc;
    use std::task::Context;
    use tokio::sync::oneshot;
    use tokio::time::sleep;
    use utils::probe::{CountingWaker, Polls, in_child};

    const HOUR: Duration = Duration::from_secs(3600);

    /// Proves G-2.1-3.
    #[test]
    fn awaiting_it_is_one_poll_and_then_nothing() {
        let ended = in_child(Duration::from_secs(1), || {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let (mut future, mut polls) = (pin!(forgetful()), 0);
            runtime.block_on(poll_fn(|cx| {
                polls += 1;
                println!("poll #{polls}");
                future.as_mut().poll(cx)
            }));
        });
        assert!(ended.hung, "{ended:#?}");
        let polls: Vec<_> = ended.stdout.matches("poll #").collect();
        assert_eq!(polls.len(), 1, "{ended:#?}");
    }

    /// Returns what a first poll leaves: whether it is pending, the wakers kept and the wake-ups.
    /// Pending with neither: nobody polls it again.
    fn first_poll(future: impl Future) -> (bool, usize, usize) {
        let (counter, waker) = CountingWaker::new();
        let before = Arc::strong_count(&counter);
        let mut future = pin!(future);
        let pending = future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending();
        (pending, Arc::strong_count(&counter) - before, counter.wakes())
    }

    #[test]
    fn a_first_poll_tells_a_hang_from_a_wait() {
        assert_eq!(first_poll(forgetful()), (true, 0, 0));
        assert_eq!(first_poll(mindful()), (true, 0, 1));
        let (_sender, receiver) = oneshot::channel::<()>();
        assert_eq!(first_poll(receiver), (true, 1, 0));
    }

    /// The trait cannot check it: only the leaf can keep the waker, the rest hands it down.
    /// Proves D-0-3.
    #[test]
    fn an_async_fn_keeps_no_waker_of_its_own() {
        async fn inner() -> u32 {
            forgetful().await
        }
        async fn outer() -> u32 {
            inner().await
        }
        assert_eq!(first_poll(outer()), (true, 0, 0));
    }

    /// Proves G-2.1-4.
    #[tokio::test(start_paused = true)]
    async fn a_timeout_polls_it_again_at_the_deadline_and_hides_the_mistake() {
        let polls = Polls::new();
        let start = Instant::now();
        let task = tokio::spawn(timeout(HOUR, polls.of(forgetful())));
        sleep(HOUR - Duration::from_secs(1)).await;
        assert_eq!(polls.count(), 1);
        assert_eq!(task.await.unwrap(), Ok(2));
        assert_eq!(start.elapsed(), HOUR);
    }

    #[tokio::test(start_paused = true)]
    async fn the_mindful_one_takes_no_time() {
        let polls = Polls::new();
        let start = Instant::now();
        assert_eq!(polls.of(mindful()).await, 2);
        assert_eq!((polls.count(), start.elapsed()), (2, Duration::ZERO));
    }
}
