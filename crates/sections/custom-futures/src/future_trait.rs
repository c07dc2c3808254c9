//! Guide 2.1, deep dive 2.1 — The documents' `Future` is Tokio's, except for the name of `Poll`.

use std::pin::{Pin, pin};
use std::task::{self, Context, Waker};

#[tokio::main]
pub async fn main() {
    let mut future = pin!(Steps(2));
    let mut cx = Context::from_waker(Waker::noop());
    let by_hand = [(); 3].map(|()| future.as_mut().poll(&mut cx));
    let by_tokio = Core(Steps(2)).await;
    println!("by hand: {by_hand:?}, by Tokio: {by_tokio}");
}

/// A value to come. Creating one starts nothing: only `poll` does.
trait Future {
    type Output;

    /// Goes on as far as it can. After `Pending` the waker of `cx` has been, or will be, called
    /// once it is worth polling again; after `Ready` there is no further poll.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output>;
}

#[derive(Debug)]
enum Poll<T> {
    Ready(T),
    Pending,
}

/// Ready with 42 after so many steps.
struct Steps(u32);

impl Future for Steps {
    type Output = u32;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u32> {
        if self.0 == 0 {
            return Poll::Ready(42);
        }
        self.0 -= 1;
        // The next step can be taken at once. Without this line nobody would take it.
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

/// A future of the trait above, as a future of the standard library.
struct Core<F>(F);

impl<F: Future + Unpin> std::future::Future for Core<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> task::Poll<F::Output> {
        match Pin::new(&mut self.0).poll(cx) {
            Poll::Ready(value) => task::Poll::Ready(value),
            Poll::Pending => task::Poll::Pending,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Core, Steps};
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};
    use tokio::task::yield_now;
    use utils::probe::{CountingWaker, DropLog, Polls};

    /// Proves G-2.1-2, G-まとめ-1, D-2-2.
    #[test]
    fn each_poll_runs_to_the_next_pending() {
        let log = DropLog::new();
        let mut future = pin!(async {
            log.note("first step");
            yield_now().await;
            log.note("second step");
            yield_now().await;
            log.note("third step");
            42
        });
        let mut cx = Context::from_waker(Waker::noop());
        assert_eq!(log.entries(), Vec::<&str>::new());
        assert_eq!(future.as_mut().poll(&mut cx), Poll::Pending);
        assert_eq!(log.entries(), ["first step"]);
        assert_eq!(future.as_mut().poll(&mut cx), Poll::Pending);
        assert_eq!(log.entries(), ["first step", "second step"]);
        assert_eq!(future.as_mut().poll(&mut cx), Poll::Ready(42));
        assert_eq!(log.entries(), ["first step", "second step", "third step"]);
    }

    /// Proves D-2-1, D-18-1.
    #[tokio::test]
    async fn tokio_runs_a_future_of_the_documents_trait() {
        let polls = Polls::new();
        assert_eq!(polls.of(Core(Steps(2))).await, 42);
        assert_eq!(polls.count(), 3);
    }

    /// Proves G-2.1-3, D-2-2.
    #[test]
    fn every_pending_comes_with_a_wake_up() {
        let (counter, waker) = CountingWaker::new();
        let mut cx = Context::from_waker(&waker);
        let mut future = pin!(Core(Steps(2)));
        let mut seen = Vec::new();
        for _ in 0..3 {
            seen.push((future.as_mut().poll(&mut cx), counter.wakes()));
        }
        assert_eq!(seen, [(Poll::Pending, 1), (Poll::Pending, 2), (Poll::Ready(42), 2)]);
    }

    async fn answer() -> u32 {
        42
    }

    /// Proves G-1.3-6, D-2-2.
    #[test]
    #[should_panic(expected = "`async fn` resumed after completion")]
    fn an_async_fn_polled_after_ready_panics() {
        let mut cx = Context::from_waker(Waker::noop());
        let mut future = pin!(answer());
        assert_eq!(future.as_mut().poll(&mut cx), Poll::Ready(42));
        assert_eq!(future.as_mut().poll(&mut cx), Poll::Pending);
    }

    async fn explode() -> u32 {
        panic!("on purpose")
    }

    #[test]
    #[should_panic(expected = "`async fn` resumed after panicking")]
    fn an_async_fn_polled_after_a_panic_panics_again() {
        let mut cx = Context::from_waker(Waker::noop());
        let mut future = pin!(explode());
        let first = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(&mut cx)));
        assert_eq!(first.unwrap_err().downcast_ref(), Some(&"on purpose"));
        assert_eq!(future.as_mut().poll(&mut cx), Poll::Pending);
    }
}
