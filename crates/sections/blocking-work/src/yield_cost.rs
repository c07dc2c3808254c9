//! Deep dive 9.2 — `yield_now` returns after a poll of the driver; a task that wakes itself does not wait.

use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::thread;
use tokio::task::{JoinError, yield_now};
use tokio::time::{Duration, sleep};

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), JoinError> {
    // In tasks: the future of `main` is polled in another way.
    let pauses = tokio::spawn(until_a_timer_fires(yield_now)).await?;
    println!("yield_now: a due timer fires after pause {pauses}");
    let pauses = tokio::spawn(until_a_timer_fires(wake_myself)).await?;
    println!("self-wake: a due timer fires after pause {pauses}");
    Ok(())
}

/// Counts how often a lone task pauses until the driver is polled: that is when a timer fires.
async fn until_a_timer_fires<F: Future>(pause: impl Fn() -> F) -> usize {
    // When this comes back the driver has just been polled: its interval begins here.
    yield_now().await;
    let mut timer = pin!(sleep(Duration::from_millis(1)));
    // Starts it. Not even a timer that is due is ready before the next poll of the driver.
    let _pending = timer.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    // From the first pause on it is due.
    thread::sleep(Duration::from_millis(5));
    let mut pauses = 0;
    while !timer.is_elapsed() {
        pause().await;
        pauses += 1;
    }
    pauses
}

/// Goes to the back of the queue at once.
async fn wake_myself() {
    let mut woken = false;
    poll_fn(|cx| {
        if woken {
            return Poll::Ready(());
        }
        woken = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::runtime::Builder;
    use utils::probe::{CountingWaker, Polls};

    fn in_task_of<T: Send + 'static>(
        builder: &mut Builder,
        work: impl Future<Output = T> + Send + 'static,
    ) -> T {
        let runtime = builder.enable_time().build().unwrap();
        runtime.block_on(async { tokio::spawn(work).await.unwrap() })
    }

    /// Proves D-0-11, D-9-5.
    #[test]
    fn a_lone_task_that_yields_polls_the_driver_each_time() {
        let mut one_thread = Builder::new_current_thread();
        assert_eq!(in_task_of(&mut one_thread, until_a_timer_fires(yield_now)), 1);
        let mut worker = Builder::new_multi_thread();
        assert_eq!(in_task_of(worker.worker_threads(1), until_a_timer_fires(yield_now)), 1);
    }

    #[test]
    fn a_lone_task_that_wakes_itself_polls_the_driver_every_61st_time() {
        let mut one_thread = Builder::new_current_thread();
        assert_eq!(in_task_of(&mut one_thread, until_a_timer_fires(wake_myself)), 61);
    }

    #[tokio::test]
    async fn each_yield_is_one_more_poll() {
        for yields in [0, 1, 1000] {
            let polls = Polls::new();
            polls
                .of(async {
                    for _ in 0..yields {
                        yield_now().await
                    }
                })
                .await;
            assert_eq!(polls.count(), yields + 1);
        }
    }

    /// Without a scheduler there is no list of the deferred.
    #[test]
    fn outside_a_runtime_a_yield_wakes_at_once() {
        let (counter, waker) = CountingWaker::new();
        let mut pause = pin!(yield_now());
        let mut cx = Context::from_waker(&waker);
        assert!(pause.as_mut().poll(&mut cx).is_pending());
        assert_eq!(counter.wakes(), 1);
        assert!(pause.as_mut().poll(&mut cx).is_ready());
    }

    #[tokio::test]
    async fn inside_a_runtime_a_yield_does_not_wake_during_its_poll() {
        let (counter, waker) = CountingWaker::new();
        let mut pause = pin!(yield_now());
        assert!(pause.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        assert_eq!(counter.wakes(), 0);
        yield_now().await;
        assert_eq!(counter.wakes(), 1);
    }
}
