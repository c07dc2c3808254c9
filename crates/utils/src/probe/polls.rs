use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

/// Counts the polls of every [`CountPolls`] made from it.
#[derive(Clone, Default)]
pub struct Polls(Arc<AtomicUsize>);

impl Polls {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }

    /// `future`, with its polls counted here. It is boxed, so it may be any future.
    pub fn of<F: Future>(&self, future: F) -> CountPolls<F> {
        CountPolls { polls: self.clone(), future: Box::pin(future) }
    }
}

/// A future whose polls are counted; made by [`Polls::of`].
pub struct CountPolls<F> {
    polls: Polls,
    future: Pin<Box<F>>,
}

impl<F: Future> Future for CountPolls<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.polls.0.fetch_add(1, Ordering::SeqCst);
        self.future.as_mut().poll(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::Polls;

    #[tokio::test]
    async fn a_yield_costs_one_more_poll() {
        let polls = Polls::new();
        polls.of(tokio::task::yield_now()).await;
        assert_eq!(polls.count(), 2);
    }
}
