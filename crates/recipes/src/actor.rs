//! An actor: one task owns the state, and others ask it over a channel instead of locking.
//!
//! Built on `mpsc` and `oneshot`. An error says whether the request was carried out, a caller may
//! leave, the queue has a limit, and the end loses no request. If you need supervision or remote
//! actors, see the crates `kameo` and `ractor`.
//!
//! ```
//! # use recipes::actor::{Actor, Reply, spawn};
//! struct Account {
//!     balance: u64,
//! }
//!
//! enum Request {
//!     Deposit { amount: u64, reply: Reply<u64> },
//! }
//!
//! impl Actor for Account {
//!     type Request = Request;
//!
//!     async fn handle(&mut self, request: Request) {
//!         match request {
//!             Request::Deposit { amount, reply } => {
//!                 self.balance += amount;
//!                 reply.send(self.balance);
//!             }
//!         }
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let (account, task) = spawn(Account { balance: 50 }, 32);
//! let balance = account.ask(|reply| Request::Deposit { amount: 100, reply }).await;
//! assert_eq!(balance, Ok(150));
//! // The last handle goes, and the actor ends after all that it was asked.
//! drop(account);
//! assert_eq!(task.await.unwrap().balance, 150);
//! # }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use std::future::Future;
use thiserror::Error;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

/// A state that one task owns.
pub trait Actor: Send + 'static {
    /// A question to it. Mostly an enum, with a [`Reply`] in each variant that has an answer.
    type Request: Send + 'static;

    /// Carries out one request. The next one waits meanwhile, so hand long work and its [`Reply`]
    /// to another task. A panic ends the actor: callers get errors, and its task returns the panic.
    /// It must not await an answer of its own actor, even by way of another one: a deadlock.
    fn handle(&mut self, request: Self::Request) -> impl Future<Output = ()> + Send;
}

/// Starts an actor with a queue of `capacity` requests.
///
/// When the last [`Handle`] is dropped, it carries out the requests in the queue and ends. The task
/// returns it. Panics with a `capacity` of zero, and outside a Tokio runtime.
pub fn spawn<A: Actor>(mut actor: A, capacity: usize) -> (Handle<A::Request>, JoinHandle<A>) {
    let (requests, mut queue) = mpsc::channel(capacity);
    let task = tokio::spawn(async move {
        while let Some(request) = queue.recv().await {
            actor.handle(request).await;
        }
        actor
    });
    (Handle { requests }, task)
}

/// Asks an actor. Clones ask the same one.
#[derive(Debug)]
pub struct Handle<R> {
    requests: mpsc::Sender<R>,
}

// Derived, it would want `R: Clone`.
impl<R> Clone for Handle<R> {
    fn clone(&self) -> Self {
        Self { requests: self.requests.clone() }
    }
}

/// The way back to the caller. If dropped, the caller gets [`AskError::NoAnswer`].
#[derive(Debug)]
pub struct Reply<T>(oneshot::Sender<T>);

impl<T> Reply<T> {
    /// Answers. If the caller has left, the answer is dropped, which is no error.
    pub fn send(self, answer: T) {
        let _ = self.0.send(answer);
    }

    /// Returns whether the caller has left, so that nobody waits for the answer.
    pub fn is_abandoned(&self) -> bool {
        self.0.is_closed()
    }
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum AskError {
    /// Nothing has been done: the actor had ended.
    #[error("the actor has ended")]
    Ended,
    /// Nothing has been done: the queue is full. Only [`Handle::try_ask`] says so.
    #[error("the actor has too many requests")]
    Busy,
    /// The actor ended, or dropped the [`Reply`]. The request may have been carried out, or half.
    #[error("the actor gave no answer")]
    NoAnswer,
}

impl<R> Handle<R> {
    /// Waits for room, sends the request that `make` makes, and waits for its answer.
    ///
    /// # Errors
    ///
    /// [`AskError::Ended`] or [`AskError::NoAnswer`]. A caller never waits for an actor that has
    /// ended.
    ///
    /// # Cancel safety
    ///
    /// If dropped while it waits for room, it has sent nothing. If dropped later, the request is
    /// carried out and the answer is lost.
    pub async fn ask<T>(&self, make: impl FnOnce(Reply<T>) -> R) -> Result<T, AskError> {
        let (reply, answer) = oneshot::channel();
        self.requests.send(make(Reply(reply))).await.map_err(|_| AskError::Ended)?;
        answer.await.map_err(|_| AskError::NoAnswer)
    }

    /// Sends the request if there is room now, and then waits for its answer.
    ///
    /// # Errors
    ///
    /// [`AskError::Busy`] if there is none, and those of [`Handle::ask`].
    pub async fn try_ask<T>(&self, make: impl FnOnce(Reply<T>) -> R) -> Result<T, AskError> {
        let (reply, answer) = oneshot::channel();
        self.requests.try_send(make(Reply(reply))).map_err(|error| match error {
            TrySendError::Full(_) => AskError::Busy,
            TrySendError::Closed(_) => AskError::Ended,
        })?;
        answer.await.map_err(|_| AskError::NoAnswer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::time::{sleep, timeout};

    const SECOND: Duration = Duration::from_secs(1);

    enum Request {
        Deposit { amount: u64, reply: Reply<u64> },
        Slow(Reply<()>),
        Forget(Reply<()>),
        Panic(Reply<()>),
        AskSelf(Handle<Request>, Reply<u64>),
        Abandoned(Reply<bool>),
    }

    #[derive(Debug, Default, PartialEq)]
    struct Account {
        balance: u64,
    }

    impl Actor for Account {
        type Request = Request;

        async fn handle(&mut self, request: Request) {
            match request {
                Request::Deposit { amount, reply } => {
                    self.balance += amount;
                    reply.send(self.balance);
                }
                Request::Slow(reply) => {
                    sleep(SECOND).await;
                    reply.send(());
                }
                Request::Forget(reply) => drop(reply),
                Request::Panic(_reply) => panic!("on purpose"),
                Request::AskSelf(account, reply) => {
                    reply.send(account.ask(deposit(1)).await.unwrap());
                }
                Request::Abandoned(reply) => {
                    self.balance += u64::from(reply.is_abandoned());
                    reply.send(false);
                }
            }
        }
    }

    fn deposit(amount: u64) -> impl FnOnce(Reply<u64>) -> Request {
        move |reply| Request::Deposit { amount, reply }
    }

    #[tokio::test]
    async fn requests_of_many_callers_are_done_one_after_the_other() {
        let (account, task) = spawn(Account::default(), 1);
        let callers: Vec<_> = (0..100)
            .map(|_| {
                let account = account.clone();
                tokio::spawn(async move { account.ask(deposit(1)).await.unwrap() })
            })
            .collect();
        let mut balances = Vec::new();
        for caller in callers {
            balances.push(caller.await.unwrap());
        }
        balances.sort();
        assert_eq!(balances, Vec::from_iter(1..=100));
        drop(account);
        assert_eq!(task.await.unwrap(), Account { balance: 100 });
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_that_leaves_has_asked_unless_it_waited_for_room() {
        let (account, task) = spawn(Account::default(), 1);
        let slow = account.clone();
        tokio::spawn(async move { slow.ask(Request::Slow).await });
        tokio::task::yield_now().await;
        // This one is in the queue, and that one finds no room there.
        timeout(SECOND / 4, account.ask(deposit(50))).await.unwrap_err();
        timeout(SECOND / 4, account.ask(deposit(7))).await.unwrap_err();
        assert_eq!(account.ask(deposit(0)).await, Ok(50));
        drop(account);
        assert_eq!(task.await.unwrap().balance, 50);
    }

    #[tokio::test(start_paused = true)]
    async fn without_room_try_ask_is_told_so_at_once() {
        let (account, _task) = spawn(Account::default(), 1);
        let fills = account.clone();
        tokio::spawn(async move { tokio::join!(fills.ask(Request::Slow), fills.ask(deposit(7))) });
        sleep(SECOND / 2).await;
        assert_eq!(account.try_ask(deposit(1)).await, Err(AskError::Busy));
        sleep(SECOND).await;
        assert_eq!(account.try_ask(deposit(1)).await, Ok(8));
    }

    #[tokio::test(start_paused = true)]
    async fn after_the_last_handle_all_that_waits_is_carried_out() {
        let (account, task) = spawn(Account::default(), 8);
        let asked = account.clone();
        let caller = tokio::spawn(async move {
            tokio::join!(asked.ask(Request::Slow), asked.ask(deposit(1)), asked.ask(deposit(2)))
        });
        tokio::task::yield_now().await;
        caller.abort();
        drop(account);
        assert_eq!(task.await.unwrap().balance, 3);
    }

    #[tokio::test]
    async fn a_reply_that_is_dropped_is_no_answer_and_the_actor_goes_on() {
        let (account, _task) = spawn(Account::default(), 8);
        assert_eq!(account.ask(Request::Forget).await, Err(AskError::NoAnswer));
        assert_eq!(account.ask(deposit(1)).await, Ok(1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_is_no_answer_for_those_in_the_queue_and_the_end_for_those_after() {
        let (account, task) = spawn(Account::default(), 8);
        let answers = tokio::join!(biased; account.ask(Request::Panic), account.ask(deposit(1)));
        assert_eq!(answers, (Err(AskError::NoAnswer), Err(AskError::NoAnswer)));
        assert_eq!(account.ask(deposit(1)).await, Err(AskError::Ended));
        assert_eq!(account.try_ask(deposit(1)).await, Err(AskError::Ended));
        assert!(task.await.unwrap_err().is_panic());
    }

    /// The docs of `handle` warn of it.
    #[tokio::test(start_paused = true)]
    async fn an_actor_that_awaits_its_own_answer_never_gets_it() {
        let (account, task) = spawn(Account::default(), 8);
        let asked = account.ask(|reply| Request::AskSelf(account.clone(), reply));
        timeout(SECOND * 3600, asked).await.unwrap_err();
        assert!(!task.is_finished());
        timeout(SECOND * 3600, account.ask(deposit(1))).await.unwrap_err();
    }

    #[tokio::test(start_paused = true)]
    async fn the_actor_sees_that_a_caller_has_left() {
        let (account, task) = spawn(Account::default(), 8);
        let leaves = account.clone();
        let left = tokio::spawn(async move { leaves.ask(Request::Abandoned).await });
        account.ask(Request::Abandoned).await.unwrap();
        assert_eq!(left.await.unwrap(), Ok(false));
        let slow = account.clone();
        tokio::spawn(async move { slow.ask(Request::Slow).await });
        tokio::task::yield_now().await;
        timeout(SECOND / 2, account.ask(Request::Abandoned)).await.unwrap_err();
        drop(account);
        assert_eq!(task.await.unwrap().balance, 1);
    }

    #[tokio::test]
    #[should_panic = "mpsc bounded channel requires buffer > 0"]
    async fn a_queue_without_room_is_a_mistake() {
        spawn(Account::default(), 0);
    }
}
