//! Taking the results, one by one or all at once.
//!
//! Tokio's counterpart: `tokio/src/task/join_set.rs`.

use super::JoinSet;
use crate::runtime::task::defer::defer;
use crate::runtime::task::{JoinError, coop};
use crate::sync::lock;
use std::future::poll_fn;
use std::task::{Context, Poll};

impl<T: 'static> JoinSet<T> {
    /// Waits for the next result, in the order in which the tasks end. Returns `None` if there are no tasks.
    ///
    /// ```
    /// use tiny_runtime::task::JoinSet;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let mut tasks = JoinSet::new();
    /// tasks.spawn(async { 1 });
    /// assert_eq!(tasks.join_next().await.unwrap()?, 1);
    /// assert!(tasks.join_next().await.is_none());
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Cancel safety
    ///
    /// A call that is dropped has taken no result.
    pub async fn join_next(&mut self) -> Option<Result<T, JoinError>> {
        poll_fn(|context| self.poll_join_next(context)).await
    }

    /// As [`join_next`](Self::join_next), for futures written by hand.
    ///
    /// ```
    /// use std::future::poll_fn;
    /// use tiny_runtime::task::JoinSet;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let mut tasks = JoinSet::new();
    /// tasks.spawn(async { 1 });
    /// assert_eq!(poll_fn(|cx| tasks.poll_join_next(cx)).await.unwrap()?, 1);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    pub fn poll_join_next(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<T, JoinError>>> {
        while !self.tasks.is_empty() {
            if !coop::is_left() {
                // Each handle would return `Pending` for want of budget, and its note would come at once.
                defer(context.waker());
                return Poll::Pending;
            }
            let Some(key) = self.key_or_wait(context.waker()) else {
                return Poll::Pending;
            };
            if let Some(result) = self.ask(key) {
                return Poll::Ready(Some(result));
            }
        }
        Poll::Ready(None)
    }

    /// Returns the next result, if there is one now. A task that waits in `join_next` goes on waiting.
    ///
    /// ```
    /// use tiny_runtime::task::JoinSet;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let mut tasks = JoinSet::new();
    /// tasks.spawn(async { 1 });
    /// assert!(tasks.try_join_next().is_none()); // it has not run yet
    /// tiny_runtime::task::yield_now().await;
    /// assert_eq!(tasks.try_join_next().unwrap()?, 1);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    pub fn try_join_next(&mut self) -> Option<Result<T, JoinError>> {
        // Without a budget, since it cannot give way.
        coop::without(|| {
            loop {
                let key = lock(&self.ready).keys.pop_front()?;
                if let Some(result) = self.ask(key) {
                    return Some(result);
                }
            }
        })
    }

    /// Aborts all tasks, and waits until they are over.
    ///
    /// ```
    /// use tiny_runtime::task::JoinSet;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let mut tasks = JoinSet::new();
    /// tasks.spawn(std::future::pending::<()>());
    /// tasks.shutdown().await;
    /// assert!(tasks.is_empty());
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Cancel safety
    ///
    /// A call that is dropped has aborted all tasks, and has not waited for each.
    pub async fn shutdown(&mut self) {
        self.abort_all();
        while self.join_next().await.is_some() {}
    }

    /// Waits for all outputs, in the order in which the tasks end.
    ///
    /// ```
    /// use tiny_runtime::task::JoinSet;
    /// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let mut tasks = JoinSet::new();
    /// for number in 1..=3 {
    ///     tasks.spawn(async move { number * number });
    /// }
    /// assert_eq!(tasks.join_all().await, [1, 4, 9]);
    /// # std::io::Result::Ok(())
    /// # })?;
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Panics
    ///
    /// If a task has panicked, with its payload. If a task was aborted.
    ///
    /// # Cancel safety
    ///
    /// None: it owns the set, so a call that is dropped aborts all tasks.
    pub async fn join_all(mut self) -> Vec<T> {
        let mut outputs = Vec::with_capacity(self.len());
        while let Some(result) = self.join_next().await {
            match result.map_err(JoinError::try_into_panic) {
                Ok(output) => outputs.push(output),
                Err(Ok(panic)) => std::panic::resume_unwind(panic),
                Err(Err(error)) => panic!("{error}"),
            }
        }
        outputs
    }
}
