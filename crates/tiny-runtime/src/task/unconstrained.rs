//! Without a budget.
//!
//! Tokio's counterpart: `tokio/src/task/coop/unconstrained.rs`.

use crate::runtime::task::coop;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Runs the future without a budget: it may keep its thread as long as its operations are ready.
pub fn unconstrained<F: Future>(future: F) -> Unconstrained<F> {
    Unconstrained(Box::pin(future))
}

/// See [`unconstrained`].
#[must_use = "futures do nothing unless polled"]
pub struct Unconstrained<F>(Pin<Box<F>>);

impl<F: Future> Future for Unconstrained<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        coop::without(|| self.0.as_mut().poll(context))
    }
}
