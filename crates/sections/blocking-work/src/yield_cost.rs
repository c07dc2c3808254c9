//! Deep dive 9.2 — `yield_now` comes back after a poll of the driver; a self-wake does not wait.

use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::thread;
use tokio::runtime::Builder;
use tokio::task::{JoinError, JoinSet, yield_now};
use tokio::time::{Duration, sleep};

pub fn main() -> io::Result<()> {
    println!("yield_now: {}", cost(yield_now)?);
    println!("self-wake: {}", cost(wake_myself)?);
    Ok(())
}

fn cost<F>(pause: impl Fn() -> F + Copy + Send + 'static) -> io::Result<String>
where
    F: Future<Output = ()> + Send + 'static,
{
    let runtime = Builder::new_current_thread().enable_time().build()?;
    let pauses = runtime.block_on(in_task(until_a_timer_fires(pause)))?;
    let turns = runtime.block_on(in_task(turns_of_a_neighbour(pause)))?;
    Ok(format!("a due timer fires after pause {pauses}, in one a busy neighbour runs {turns}×"))
}

/// The future of `block_on` is polled in another way than tasks are.
async fn in_task<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, JoinError> {
    tokio::spawn(work).await
}

/// How often a task that is alone pauses until the driver is polled: that is when a timer fires.
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

/// How often a task that is always ready runs during one pause.
async fn turns_of_a_neighbour<F: Future>(pause: impl Fn() -> F) -> usize {
    yield_now().await;
    let turns = Arc::new(AtomicUsize::new(0));
    let mut neighbour = JoinSet::new();
    neighbour.spawn({
        let turns = Arc::clone(&turns);
        async move {
            loop {
                // A counter that orders nothing: `Relaxed` is enough.
                turns.fetch_add(1, Ordering::Relaxed);
                wake_myself().await;
            }
        }
    });
    pause().await;
    turns.load(Ordering::Relaxed)
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
    use utils::probe::{CountingWaker, Polls};

    fn one_thread() -> Builder {
        let mut builder = Builder::new_current_thread();
        builder.enable_time();
        builder
    }

    fn in_task_of<T: Send + 'static>(
        mut builder: Builder,
        work: impl Future<Output = T> + Send + 'static,
    ) -> T {
        builder.build().unwrap().block_on(in_task(work)).unwrap()
    }

    /// Proves D-0-11, D-9-5.
    #[test]
    fn a_lone_task_that_yields_polls_the_driver_each_time() {
        assert_eq!(in_task_of(one_thread(), until_a_timer_fires(yield_now)), 1);
        let mut worker = Builder::new_multi_thread();
        worker.worker_threads(1).enable_time();
        assert_eq!(in_task_of(worker, until_a_timer_fires(yield_now)), 1);
    }

    #[test]
    fn a_lone_task_that_wakes_itself_polls_the_driver_every_61st_time() {
        assert_eq!(in_task_of(one_thread(), until_a_timer_fires(wake_myself)), 61);
    }

    /// Proves D-9-5.
    #[test]
    fn who_yields_beside_a_busy_task_waits_for_the_rest_of_the_interval() {
        assert_eq!(in_task_of(one_thread(), turns_of_a_neighbour(yield_now)), 61);
        for interval in [5, 100] {
            let mut builder = one_thread();
            builder.event_interval(interval);
            let turns = in_task_of(builder, turns_of_a_neighbour(yield_now));
            assert_eq!(turns, interval as usize);
        }
    }

    #[test]
    fn who_wakes_itself_lets_each_of_the_others_run_once() {
        assert_eq!(in_task_of(one_thread(), turns_of_a_neighbour(wake_myself)), 1);
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
