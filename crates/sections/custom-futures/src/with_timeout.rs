//! Guide 2.5 — A timeout polls its future first: a value that is ready wins, even at the deadline.
//!
//! To take to work: `cargo run -- copy timeout`.

use pin_project::pin_project;
use std::pin::Pin;
use std::task::{Context, Poll};
use thiserror::Error;
use tokio::time::{Duration, Sleep, sleep};

#[tokio::main]
pub async fn main() {
    let slow_operation = async {
        sleep(Duration::from_secs(5)).await;
        "完了"
    };
    report(WithTimeout::new(slow_operation, Duration::from_secs(2)).await);
    let quick_operation = async { "完了" };
    report(WithTimeout::new(quick_operation, Duration::from_secs(2)).await);
}

fn report(result: Result<&str, TimedOut>) {
    match result {
        Ok(value) => println!("成功: {value}"),
        Err(error) => println!("エラー: {error}"),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("タイムアウト")]
struct TimedOut;

#[pin_project]
struct WithTimeout<F> {
    #[pin]
    future: F,
    #[pin]
    delay: Sleep,
}

impl<F> WithTimeout<F> {
    fn new(future: F, timeout: Duration) -> Self {
        Self { future, delay: sleep(timeout) }
    }
}

impl<F: Future> Future for WithTimeout<F> {
    type Output = Result<F::Output, TimedOut>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if let Poll::Ready(value) = this.future.poll(cx) {
            return Poll::Ready(Ok(value));
        }
        // A future that uses up the task's budget at every poll keeps this timer from answering:
        // Tokio's `timeout`, and the recipe, ask it all the same.
        this.delay.poll(cx).map(|()| Err(TimedOut))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{pending, poll_fn, ready};
    use std::pin::pin;
    use tokio::task::{consume_budget, yield_now};
    use tokio::time::{Instant, advance, timeout};
    use utils::probe::{DropLog, Polls};

    const LIMIT: Duration = Duration::from_secs(2);

    /// The document's version: the timer first, and a flag that nobody sets or reads.
    mod document {
        use super::*;

        #[pin_project]
        pub struct WithTimeout<F> {
            #[pin]
            future: F,
            #[pin]
            delay: Sleep,
            pub timed_out: bool,
        }

        impl<F> WithTimeout<F> {
            pub fn new(future: F, timeout: Duration) -> Self {
                Self { future, delay: sleep(timeout), timed_out: false }
            }
        }

        impl<F: Future> Future for WithTimeout<F> {
            type Output = Result<F::Output, &'static str>;

            fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
                let this = self.project();
                if this.delay.poll(cx).is_ready() {
                    return Poll::Ready(Err("タイムアウト"));
                }
                this.future.poll(cx).map(Ok)
            }
        }
    }

    async fn operation(takes: Duration) -> &'static str {
        sleep(takes).await;
        "完了"
    }

    /// Proves G-2.5-2.
    #[tokio::test(start_paused = true)]
    async fn an_operation_of_5_s_times_out_at_exactly_2_s() {
        let start = Instant::now();
        let error = WithTimeout::new(operation(Duration::from_secs(5)), LIMIT).await.unwrap_err();
        assert_eq!(start.elapsed(), LIMIT);
        assert_eq!(error.to_string(), "タイムアウト");
        let _: &dyn std::error::Error = &error;
    }

    /// Proves G-2.5-3.
    #[tokio::test(start_paused = true)]
    async fn an_operation_of_1_s_succeeds_at_exactly_1_s() {
        let start = Instant::now();
        let result = WithTimeout::new(operation(Duration::from_secs(1)), LIMIT).await;
        assert_eq!((result, start.elapsed()), (Ok("完了"), Duration::from_secs(1)));
    }

    /// The results of this file, of Tokio and of the document.
    type Three =
        (Result<&'static str, TimedOut>, Option<&'static str>, Result<&'static str, &'static str>);

    const VALUE_FIRST: Three = (Ok("完了"), Some("完了"), Err("タイムアウト"));

    /// Proves G-2.5-5.
    #[tokio::test(start_paused = true)]
    async fn at_a_tie_the_value_wins_here_and_in_tokio_but_not_in_the_document() {
        let start = Instant::now();
        let results = tokio::join!(
            WithTimeout::new(operation(LIMIT), LIMIT),
            async { timeout(LIMIT, operation(LIMIT)).await.ok() },
            document::WithTimeout::new(operation(LIMIT), LIMIT),
        );
        assert_eq!(start.elapsed(), LIMIT);
        assert_eq!(results, VALUE_FIRST);
    }

    #[tokio::test(start_paused = true)]
    async fn a_ready_future_needs_no_time_except_in_the_document() {
        let results = (
            WithTimeout::new(ready("完了"), Duration::ZERO).await,
            timeout(Duration::ZERO, ready("完了")).await.ok(),
            document::WithTimeout::new(ready("完了"), Duration::ZERO).await,
        );
        assert_eq!(results, VALUE_FIRST);
    }

    #[tokio::test(start_paused = true)]
    async fn polled_first_after_its_deadline_a_ready_future_still_wins_except_in_the_document() {
        let ours = WithTimeout::new(ready("完了"), LIMIT);
        let tokios = timeout(LIMIT, ready("完了"));
        let documents = document::WithTimeout::new(ready("完了"), LIMIT);
        advance(Duration::from_secs(3)).await;
        assert_eq!((ours.await, tokios.await.ok(), documents.await), VALUE_FIRST);
    }

    /// Proves G-2.5-4.
    #[tokio::test(start_paused = true)]
    async fn the_documents_flag_stays_false() {
        let mut future = pin!(document::WithTimeout::new(pending::<()>(), LIMIT));
        assert_eq!(future.as_mut().await, Err("タイムアウト"));
        assert!(!future.timed_out);
    }

    /// The title promises a retry, but a future cannot be begun anew.
    /// Proves G-2.5-1.
    #[tokio::test(start_paused = true)]
    async fn the_document_makes_one_attempt() {
        let log = DropLog::new();
        let attempt = async {
            log.note("attempt");
            pending::<()>().await;
        };
        assert_eq!(document::WithTimeout::new(attempt, LIMIT).await, Err("タイムアウト"));
        assert_eq!(log.entries(), ["attempt"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_pending_future_is_polled_at_the_start_and_at_the_deadline() {
        let polls = Polls::new();
        assert_eq!(WithTimeout::new(polls.of(pending::<()>()), LIMIT).await, Err(TimedOut));
        assert_eq!(polls.count(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn the_late_future_is_dropped_where_it_stands() {
        let log = DropLog::new();
        let slow = async {
            let _guard = log.guard("dropped");
            operation(Duration::from_secs(5)).await;
            log.note("finished");
        };
        assert_eq!(WithTimeout::new(slow, LIMIT).await, Err(TimedOut));
        assert_eq!(log.entries(), ["dropped"]);
    }

    async fn poll_once<F: Future>(mut future: Pin<&mut F>) -> Poll<F::Output> {
        poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx))).await
    }

    /// Never ready, always busy: every poll ends with the task's budget used up.
    async fn greedy() -> &'static str {
        loop {
            consume_budget().await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_greedy_future_times_out_in_tokio() {
        let tokios = timeout(LIMIT, greedy());
        advance(Duration::from_secs(3)).await;
        assert!(matches!(poll_once(pin!(tokios)).await, Poll::Ready(Err(_))));
    }

    /// "The value first" alone is not enough: the timer is then never asked.
    /// Proves G-2.5-5.
    #[tokio::test(start_paused = true)]
    async fn without_care_for_the_budget_a_greedy_future_never_times_out() {
        let mut naive = pin!(WithTimeout::new(greedy(), LIMIT));
        advance(Duration::from_secs(3)).await;
        for _ in 0..100 {
            assert_eq!(poll_once(naive.as_mut()).await, Poll::Pending);
            yield_now().await;
        }
    }

    /// Proves G-1.3-6, G-2.5-6.
    #[test]
    #[should_panic(
        expected = "there is no reactor running, must be called from the context of a Tokio 1.x runtime"
    )]
    fn outside_a_runtime_it_panics() {
        drop(WithTimeout::new(pending::<()>(), LIMIT));
    }
}
