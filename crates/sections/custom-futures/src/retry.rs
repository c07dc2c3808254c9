//! Guide 2.5 — A retry never waits for ever: each attempt, each pause and their number have a limit.

use pin_project::pin_project;
use std::future::pending;
use std::iter::successors;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use thiserror::Error;
use tokio::task::coop;
use tokio::time::{Duration, Sleep, sleep};

#[tokio::main]
pub async fn main() {
    for path in ["/recovers", "/stalls", "/missing"] {
        let mut attempt = 0;
        let operation = || {
            attempt += 1;
            fetch(path, attempt)
        };
        let pauses = backoff(3, Duration::from_millis(10), Duration::from_secs(1));
        let transient = |status: &u16| *status >= 500;
        match Retry::new(operation, Duration::from_millis(20), pauses, transient).await {
            Ok(value) => println!("{path}: 成功: {value} (attempt {attempt})"),
            Err(error) => println!("{path}: エラー: {error} (attempt {attempt})"),
        }
    }
}

async fn fetch(path: &str, attempt: u32) -> Result<&'static str, u16> {
    match (path, attempt) {
        ("/recovers", 1) => Err(503),
        ("/recovers", 3) => Ok("完了"),
        ("/missing", _) => Err(404),
        _ => pending().await,
    }
}

/// The pauses between so many attempts: each twice as long as the one before, up to `max`.
fn backoff(attempts: usize, first: Duration, max: Duration) -> impl Iterator<Item = Duration> {
    let double = move |pause: &Duration| Some(pause.saturating_mul(2).min(max));
    successors(Some(first.min(max)), double).take(attempts.saturating_sub(1))
}

/// How the last attempt failed.
#[derive(Debug, PartialEq, Error)]
enum RetryError<E> {
    #[error("{0}")]
    Failed(E),
    #[error("タイムアウト")]
    TimedOut,
}

/// Calls `operation` and awaits the future it returns, again after each of the `pauses`, until one
/// succeeds or fails with an error that is not `transient`. An attempt may take as long as `limit`.
///
/// # Non-guarantees
///
/// An attempt that timed out may have had its effect: only repeat what bears it. Pauses are not
/// randomized: clients that failed together come back together.
#[must_use = "a future does nothing until it is polled"]
#[pin_project]
struct Retry<Op, Fut, Pauses, Transient> {
    operation: Op,
    limit: Duration,
    pauses: Pauses,
    transient: Transient,
    #[pin]
    state: State<Fut>,
}

#[pin_project(project = At)]
enum State<Fut> {
    /// The next poll calls the operation: creating a `Retry` starts nothing and needs no runtime.
    Idle,
    Attempt(#[pin] Fut, #[pin] Sleep),
    Pause(#[pin] Sleep),
    Done,
}

impl<Op: FnMut() -> Fut, Fut, Pauses, Transient, T, E> Retry<Op, Fut, Pauses, Transient>
where
    Fut: Future<Output = Result<T, E>>,
    Transient: Fn(&E) -> bool,
{
    fn new(operation: Op, limit: Duration, pauses: Pauses, transient: Transient) -> Self {
        Self { operation, limit, pauses, transient, state: State::Idle }
    }
}

impl<Op, Fut, Pauses, Transient, T, E> Future for Retry<Op, Fut, Pauses, Transient>
where
    Op: FnMut() -> Fut,
    Fut: Future<Output = Result<T, E>>,
    Pauses: Iterator<Item = Duration>,
    Transient: Fn(&E) -> bool,
{
    type Output = Result<T, RetryError<E>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            let next = match this.state.as_mut().project() {
                At::Idle => State::Attempt((this.operation)(), sleep(*this.limit)),
                At::Attempt(attempt, limit) => {
                    let (pause, output) = match attempt.poll(cx) {
                        Poll::Ready(Err(error)) if (this.transient)(&error) => {
                            (this.pauses.next(), Err(RetryError::Failed(error)))
                        }
                        Poll::Ready(result) => (None, result.map_err(RetryError::Failed)),
                        Poll::Pending => {
                            // Outside the task's budget: an attempt that uses it up at every poll
                            // would otherwise keep its own timer from being asked.
                            ready!(pin!(coop::unconstrained(limit)).poll(cx));
                            (this.pauses.next(), Err(RetryError::TimedOut))
                        }
                    };
                    let Some(pause) = pause else {
                        this.state.set(State::Done);
                        return Poll::Ready(output);
                    };
                    State::Pause(sleep(pause))
                }
                At::Pause(pause) => ready!(pause.poll(cx).map(|()| State::Idle)),
                At::Done => panic!("`Retry` polled after completion"),
            };
            this.state.set(next);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::future::{poll_fn, ready};
    use std::task::Waker;
    use tokio::time::{Instant, timeout};
    use utils::http::{Answer, Server};
    use utils::probe::{DropLog, Polls};

    const LIMIT: Duration = Duration::from_secs(1);

    /// 100, 200, 400 ms, then 500 ms each.
    fn pauses(attempts: usize) -> impl Iterator<Item = Duration> {
        backoff(attempts, Duration::from_millis(100), Duration::from_millis(500))
    }

    /// Runs a retry; returns its output, the moment each attempt starts and the whole time, in ms.
    async fn run<T, E, Fut: Future<Output = Result<T, E>>>(
        attempts: usize,
        transient: impl Fn(&E) -> bool,
        mut operation: impl FnMut(usize) -> Fut,
    ) -> (Result<T, RetryError<E>>, Vec<u128>, u128) {
        let start = Instant::now();
        let starts = RefCell::new(Vec::new());
        let operation = || {
            starts.borrow_mut().push(start.elapsed().as_millis());
            operation(starts.borrow().len())
        };
        let output = Retry::new(operation, LIMIT, pauses(attempts), transient).await;
        (output, starts.into_inner(), start.elapsed().as_millis())
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_double_up_to_their_cap_and_none_follows_the_last_attempt() {
        let failing = |attempt| ready(Err::<(), _>(attempt));
        let (output, starts, whole) = run(6, |_| true, failing).await;
        assert_eq!(starts, [0, 100, 300, 700, 1200, 1700]);
        assert_eq!((output, whole), (Err(RetryError::Failed(6)), 1700));
    }

    /// Proves G-2.5-1.
    #[tokio::test(start_paused = true)]
    async fn every_attempt_has_its_own_limit() {
        let stalled = |_| pending::<Result<(), u32>>();
        let (output, starts, whole) = run(3, |_| true, stalled).await;
        assert_eq!((starts, whole), (vec![0, 1100, 2300], 3300));
        assert_eq!(output.unwrap_err().to_string(), "タイムアウト");
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_success_ends_it() {
        let third = async |attempt| {
            sleep(Duration::from_millis(10)).await;
            if attempt == 3 { Ok("完了") } else { Err("refused") }
        };
        let ran = run(6, |_| true, third).await;
        assert_eq!(ran, (Ok("完了"), vec![0, 110, 320], 330));
    }

    #[tokio::test(start_paused = true)]
    async fn a_success_at_exactly_the_limit_counts() {
        let slow = async |_| {
            sleep(LIMIT).await;
            Ok::<_, u32>("完了")
        };
        assert_eq!(run(3, |_| true, slow).await, (Ok("完了"), vec![0], 1000));
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_that_will_stay_is_not_tried_again() {
        let missing = |_| ready(Err::<(), _>(404));
        let (output, starts, whole) = run(3, |&status| status >= 500, missing).await;
        assert_eq!((starts, whole), (vec![0], 0));
        assert_eq!(output.unwrap_err().to_string(), "404");
    }

    /// Which errors pass is often known at run time only, from a setting, say.
    #[tokio::test(start_paused = true)]
    async fn what_is_transient_may_depend_on_what_a_closure_captures() {
        let settings = [503, 429];
        let asked = RefCell::new(Vec::new());
        let transient = |status: &u16| {
            asked.borrow_mut().push(*status);
            settings.contains(status)
        };
        let failing = |attempt| ready(Err::<(), _>([429, 503, 404][attempt - 1]));
        let (output, starts, _) = run(6, transient, failing).await;
        assert_eq!((output, starts), (Err(RetryError::Failed(404)), vec![0, 100, 300]));
        assert_eq!(asked.into_inner(), [429, 503, 404]);
    }

    #[tokio::test(start_paused = true)]
    async fn zero_and_one_attempts_are_one() {
        for attempts in [0, 1] {
            let ran = run(attempts, |_| true, |_| ready(Err::<(), _>("refused"))).await;
            assert_eq!(ran, (Err(RetryError::Failed("refused")), vec![0], 0));
        }
    }

    #[test]
    fn pauses_stay_at_their_cap_without_overflow() {
        let millis: Vec<_> = pauses(7).map(|pause| pause.as_millis()).collect();
        assert_eq!(millis, [100, 200, 400, 500, 500, 500]);
        let second = Duration::from_secs(1);
        assert_eq!(backoff(1001, second, Duration::MAX).last(), Some(Duration::MAX));
        assert_eq!(backoff(2, second, second / 2).collect::<Vec<_>>(), [second / 2]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_late_attempt_is_dropped_before_the_pause() {
        let log = DropLog::new();
        let operation = || {
            log.note("attempt");
            let guard = log.guard("dropped");
            async move {
                let _guard = guard;
                pending::<Result<(), u32>>().await
            }
        };
        let mut retry = pin!(Retry::new(operation, LIMIT, pauses(2), |_| true));
        timeout(LIMIT + Duration::from_millis(50), &mut retry).await.unwrap_err();
        assert_eq!(log.entries(), ["attempt", "dropped"]);
        assert_eq!(retry.await, Err(RetryError::TimedOut));
        assert_eq!(log.entries(), ["attempt", "dropped", "attempt", "dropped"]);
    }

    #[tokio::test(start_paused = true)]
    async fn dropping_it_drops_the_attempt_and_starts_no_other() {
        let log = DropLog::new();
        let operation = || {
            log.note("attempt");
            let guard = log.guard("dropped");
            async move {
                let _guard = guard;
                pending::<Result<(), u32>>().await
            }
        };
        let retry = Retry::new(operation, LIMIT, pauses(3), |_| true);
        timeout(LIMIT / 2, retry).await.unwrap_err();
        sleep(Duration::from_secs(60)).await;
        assert_eq!(log.entries(), ["attempt", "dropped"]);
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_polled_at_the_start_and_at_the_end_of_each_pause() {
        let polls = Polls::new();
        let failing = || ready(Err::<(), _>("refused"));
        polls.of(Retry::new(failing, LIMIT, pauses(3), |_| true)).await.unwrap_err();
        assert_eq!(polls.count(), 3);
    }

    #[test]
    fn creating_it_starts_nothing_and_needs_no_runtime() {
        let mut calls = 0;
        let operation = || {
            calls += 1;
            ready(Ok::<_, u32>(()))
        };
        drop(Retry::new(operation, LIMIT, pauses(3), |_: &u32| true));
        assert_eq!(calls, 0);
    }

    #[tokio::test(start_paused = true)]
    #[should_panic(expected = "`Retry` polled after completion")]
    async fn a_poll_after_the_end_panics() {
        let succeeding = || ready(Ok::<_, u32>(()));
        let mut retry = pin!(Retry::new(succeeding, LIMIT, pauses(3), |_| true));
        assert_eq!(retry.as_mut().await, Ok(()));
        assert!(retry.poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }

    #[tokio::test(start_paused = true)]
    async fn an_attempt_that_uses_up_the_budget_times_out() {
        let greedy = || async {
            loop {
                tokio::task::consume_budget().await;
            }
            #[expect(unreachable_code, reason = "names the output of the block")]
            Ok::<(), u32>(())
        };
        let mut retry = pin!(Retry::new(greedy, LIMIT, pauses(1), |_| true));
        assert!(timeout(Duration::ZERO, &mut retry).await.is_err());
        tokio::time::advance(LIMIT).await;
        // One poll: awaited, a retry that never asks its timer would hang here.
        let polled = poll_fn(|cx| Poll::Ready(retry.as_mut().poll(cx))).await;
        assert_eq!(polled, Poll::Ready(Err(RetryError::TimedOut)));
    }

    /// Against a real server on the real clock: a paused one would jump to the limit at every wait
    /// for the network. An hour, so that only a test that asks for it gets there.
    const HOUR: Duration = Duration::from_secs(3600);

    async fn ask(server: &Server) -> Result<String, RetryError<reqwest::Error>> {
        ask_and_tell(server, || {}).await
    }

    /// `at_the_headers` is called before each body.
    async fn ask_and_tell(
        server: &Server,
        at_the_headers: impl Fn(),
    ) -> Result<String, RetryError<reqwest::Error>> {
        let (client, url) = (reqwest::Client::new(), server.url("/"));
        let get = || async {
            let response = client.get(&url).send().await?.error_for_status()?;
            at_the_headers();
            response.text().await
        };
        let pauses = backoff(3, Duration::from_millis(1), Duration::from_millis(2));
        // Without a status the connection broke: another attempt may find a better one.
        let transient = |error: &reqwest::Error| error.status().is_none_or(|s| s.is_server_error());
        Retry::new(get, HOUR, pauses, transient).await
    }

    #[tokio::test]
    async fn a_server_that_recovers_is_asked_three_times() {
        let answers = [Answer::status(503), Answer::status(503), Answer::ok("fine")];
        let server = Server::start(answers).unwrap();
        assert_eq!(ask(&server).await.unwrap(), "fine");
        assert_eq!(server.requests().len(), 3);
    }

    #[tokio::test]
    async fn a_server_that_does_not_recover_is_given_up() {
        let server = Server::start([Answer::status(503)]).unwrap();
        let error = ask(&server).await.unwrap_err();
        assert!(error.to_string().contains("503 Service Unavailable"), "{error}");
        assert_eq!(server.requests().len(), 3);
    }

    #[tokio::test]
    async fn a_missing_page_is_asked_for_once() {
        let server = Server::start([Answer::status(404)]).unwrap();
        let error = ask(&server).await.unwrap_err();
        assert!(error.to_string().contains("404 Not Found"), "{error}");
        assert_eq!(server.requests().len(), 1);
    }

    #[tokio::test]
    async fn a_connection_that_breaks_in_the_body_is_worth_another_attempt() {
        let server = Server::start([Answer::ok("fi").then_cut(), Answer::ok("fine")]).unwrap();
        assert_eq!(ask(&server).await.unwrap(), "fine");
        assert_eq!(server.requests().len(), 2);
    }

    /// The limit is not over with the status line: a server that stalls in the body is left too.
    #[tokio::test]
    async fn a_stalled_body_ends_at_the_limit_and_the_next_attempt_succeeds() {
        let answers = [Answer::ok("fi").then_stall(), Answer::ok("fine")];
        let server = Server::start(answers).unwrap();
        let headers = tokio::sync::Notify::new();
        let an_hour_passes = async {
            headers.notified().await;
            tokio::time::pause();
            tokio::time::advance(HOUR).await;
            tokio::time::resume();
        };
        let asking = ask_and_tell(&server, || headers.notify_one());
        let (answer, ()) = tokio::join!(asking, an_hour_passes);
        assert_eq!(answer.unwrap(), "fine");
        assert_eq!(server.requests().len(), 2);
    }
}
