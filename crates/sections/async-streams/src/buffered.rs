//! Guide 10.2 — Between two `next`, `buffer_unordered` polls nothing: what it has begun stands still.

use futures::{Stream, StreamExt};
use std::pin::pin;
use tokio::time::error::Elapsed;
use tokio::time::{Duration, Timeout, sleep, timeout};

const SECOND: Duration = Duration::from_secs(1);

// The clock is paused: it goes on by itself when everything waits.
#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn main() {
    let requests = futures::stream::iter(0..4).map(|_| request());
    println!("futures in the stream: {} of 4 are late", late(requests.buffer_unordered(2)).await);

    let requests = futures::stream::iter(0..4).map(|_| tokio::spawn(request()));
    let answers = requests.buffer_unordered(2).map(|task| task.expect("no request panics"));
    println!("tasks in the stream: {} of 4 are late", late(answers).await);
}

/// Takes 1.5 seconds, and may take 2.
fn request() -> Timeout<impl Future<Output = ()>> {
    timeout(2 * SECOND, async {
        sleep(SECOND).await;
        sleep(SECOND / 2).await;
    })
}

/// Works on each answer for 30 seconds. Returns how many came too late.
async fn late(answers: impl Stream<Item = Result<(), Elapsed>>) -> u32 {
    let (mut answers, mut late) = (pin!(answers), 0);
    while let Some(answer) = answers.next().await {
        late += u32::from(answer.is_err());
        // A future in the stream stands still meanwhile. Its time does not, and a task goes on.
        sleep(30 * SECOND).await;
    }
    late
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use tokio::sync::Semaphore;
    use tokio::time::Instant;

    const HOUR: Duration = Duration::from_secs(3600);

    fn numbers() -> impl Stream<Item = u32> {
        futures::stream::iter(0..4)
    }

    #[tokio::test(start_paused = true)]
    async fn two_of_four_that_need_a_second_and_a_half_are_late_at_two() {
        assert_eq!(late(numbers().map(|_| request()).buffer_unordered(2)).await, 2);
    }

    /// In their order it is the same. With room for all, each has been polled up to its end.
    #[tokio::test(start_paused = true)]
    async fn in_buffered_they_stand_still_too_unless_it_has_room_for_all() {
        for (room, expected) in [(2, 2), (3, 1), (4, 0)] {
            assert_eq!(late(numbers().map(|_| request()).buffered(room)).await, expected);
        }
    }

    /// The second round trip of an answer begins when the stream is polled again.
    #[tokio::test(start_paused = true)]
    async fn one_that_has_begun_does_not_go_on() {
        let request = async |trips| {
            timeout(3 * SECOND, async {
                for _ in 0..trips {
                    sleep(SECOND / 2).await;
                }
            })
            .await
        };
        let requests = futures::stream::iter(1..=4).map(request);
        assert_eq!(late(requests.buffer_unordered(2)).await, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn no_task_is_late() {
        let tasks = numbers().map(|_| tokio::spawn(request()));
        assert_eq!(late(tasks.buffered(2).map(Result::unwrap)).await, 0);
        let tasks = numbers().map(|_| tokio::spawn(request()));
        assert_eq!(late(tasks.buffer_unordered(2).map(Result::unwrap)).await, 0);
    }

    /// The other remedy: the body is part of the future, so that both are polled together.
    #[tokio::test(start_paused = true)]
    async fn none_is_late_if_the_body_runs_in_the_stream_too() {
        let (start, late) = (Instant::now(), std::cell::Cell::new(0));
        let whole = async |_| {
            late.set(late.get() + u32::from(request().await.is_err()));
            sleep(30 * SECOND).await;
        };
        numbers().for_each_concurrent(2, whole).await;
        assert_eq!((late.get(), start.elapsed()), (0, 63 * SECOND));
    }

    /// A permit is given to a future of the stream, which is not polled, and the body waits for one.
    #[tokio::test(start_paused = true)]
    async fn a_body_that_wants_what_the_futures_hold_waits_without_end() {
        let permits = Semaphore::new(2);
        let work = async || drop((permits.acquire().await.unwrap(), sleep(SECOND).await));
        let all = numbers().map(|_| work()).buffered(3).for_each(|()| work());
        timeout(HOUR, all).await.unwrap_err();
    }

    #[tokio::test(start_paused = true)]
    async fn with_tasks_the_same_body_gets_its_permit() {
        let permits = Arc::new(Semaphore::new(2));
        let work = || {
            let permits = permits.clone();
            async move { drop((permits.acquire().await.unwrap(), sleep(SECOND).await)) }
        };
        let tasks = numbers().map(|_| tokio::spawn(work()));
        let all = tasks.buffered(3).for_each(|task| {
            task.unwrap();
            work()
        });
        timeout(HOUR, all).await.unwrap();
    }
}
