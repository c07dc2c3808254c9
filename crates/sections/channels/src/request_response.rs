//! Deep dive 11.2 — An actor answers over a `oneshot`; a caller that gives up undoes nothing.
//!
//! To take to work: `cargo run -- copy actor`.

use anyhow::Result;
use tokio::sync::{mpsc, oneshot};

#[tokio::main]
pub async fn main() -> Result<()> {
    let (account, requests) = mpsc::channel(32);
    let actor = tokio::spawn(serve(requests));
    println!("balance: {}", deposit(&account, 100).await?);

    // All that is left of a caller whose timeout has struck: a reply nobody waits for.
    let (reply, answer) = oneshot::channel();
    drop(answer);
    account.send(Deposit { amount: 50, reply }).await?;
    println!("balance: {}", deposit(&account, 0).await?);

    // The last handle has gone, so the actor ends.
    drop(account);
    println!("closed with: {}", actor.await?);
    Ok(())
}

struct Deposit {
    amount: u64,
    reply: oneshot::Sender<u64>,
}

/// Returns the new balance. Dropped before its end, it may or may not have paid in.
async fn deposit(account: &mpsc::Sender<Deposit>, amount: u64) -> Result<u64> {
    let (reply, answer) = oneshot::channel();
    account.send(Deposit { amount, reply }).await?;
    Ok(answer.await?)
}

/// Carries out one request after the other, until the last sender is dropped.
async fn serve(mut requests: mpsc::Receiver<Deposit>) -> u64 {
    let mut balance = 0;
    while let Some(Deposit { amount, reply }) = requests.recv().await {
        balance += amount;
        // An error here is a caller that has left: no reason to stop serving the others.
        let _ = reply.send(balance);
    }
    balance
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::{Duration, timeout};

    const MOMENT: Duration = Duration::from_millis(10);

    fn open() -> (mpsc::Sender<Deposit>, tokio::task::JoinHandle<u64>) {
        let (account, requests) = mpsc::channel(32);
        (account, tokio::spawn(serve(requests)))
    }

    /// Proves D-11-4.
    #[tokio::test]
    async fn requests_of_many_callers_are_done_one_after_the_other() {
        let (account, actor) = open();
        let callers: Vec<_> = (0..100)
            .map(|_| {
                let account = account.clone();
                tokio::spawn(async move { deposit(&account, 1).await.unwrap() })
            })
            .collect();
        let mut balances = Vec::new();
        for caller in callers {
            balances.push(caller.await.unwrap());
        }
        // Callers finish in any order; no two of them saw the same balance.
        balances.sort();
        assert_eq!(balances, Vec::from_iter(1..=100));
        drop(account);
        assert_eq!(actor.await.unwrap(), 100);
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_that_gives_up_on_the_answer_has_still_paid_in() {
        let (account, requests) = mpsc::channel(32);
        timeout(MOMENT, deposit(&account, 50)).await.unwrap_err();
        tokio::spawn(serve(requests));
        assert_eq!(deposit(&account, 0).await.unwrap(), 50);
    }

    /// The same call, the same timeout, the other outcome: it never got into the queue.
    #[tokio::test(start_paused = true)]
    async fn a_caller_that_gives_up_before_a_full_queue_has_not() {
        let (account, requests) = mpsc::channel(1);
        timeout(MOMENT, deposit(&account, 7)).await.unwrap_err();
        timeout(MOMENT, deposit(&account, 50)).await.unwrap_err();
        tokio::spawn(serve(requests));
        assert_eq!(deposit(&account, 0).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn a_caller_that_has_gone_does_not_end_the_actor() {
        let (account, actor) = open();
        let (reply, answer) = oneshot::channel();
        drop(answer);
        account.send(Deposit { amount: 0, reply }).await.unwrap();
        assert_eq!(deposit(&account, 100).await.unwrap(), 100);
        assert!(!actor.is_finished());
    }

    #[tokio::test]
    async fn a_request_to_an_actor_that_has_gone_fails_at_once() {
        let (account, actor) = open();
        actor.abort();
        actor.await.unwrap_err();
        let error = deposit(&account, 100).await.unwrap_err();
        assert!(error.is::<mpsc::error::SendError<Deposit>>());
    }

    /// A request in the queue is dropped with the queue, and its reply with it: no caller hangs.
    #[tokio::test(start_paused = true)]
    async fn a_request_that_waits_when_the_actor_goes_fails_too() {
        let (account, requests) = mpsc::channel(32);
        let caller = tokio::spawn(async move { deposit(&account, 100).await });
        tokio::time::sleep(MOMENT).await;
        assert_eq!((requests.len(), caller.is_finished()), (1, false));
        drop(requests);
        let error = caller.await.unwrap().unwrap_err();
        assert!(error.is::<oneshot::error::RecvError>());
    }
}
