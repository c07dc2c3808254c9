//! Deep dive 11.2 — An actor replies over a `oneshot`; a caller that leaves undoes nothing.

use anyhow::Result;
use tokio::sync::{mpsc, oneshot};

#[tokio::main]
pub async fn main() -> Result<()> {
    let (commands, requests) = mpsc::channel(32);
    let actor = tokio::spawn(serve(requests));
    let account = Account { commands };
    println!("balance: {}", account.deposit(100).await?);

    // All that is left of a caller whose timeout has struck: a reply nobody waits for.
    let (reply, answer) = oneshot::channel();
    drop(answer);
    account.commands.send(Command::Deposit { amount: 50, reply }).await?;

    println!("balance: {}", account.balance().await?);
    // The last handle has gone, so the actor ends.
    drop(account);
    println!("closed with: {}", actor.await?);
    Ok(())
}

enum Command {
    Deposit { amount: u64, reply: oneshot::Sender<u64> },
    Balance { reply: oneshot::Sender<u64> },
}

/// A handle to the task that owns the money: clones of it share the account without a lock.
#[derive(Clone)]
struct Account {
    commands: mpsc::Sender<Command>,
}

impl Account {
    /// Returns the new balance. Dropped before its end, it may or may not have paid in.
    async fn deposit(&self, amount: u64) -> Result<u64> {
        self.ask(|reply| Command::Deposit { amount, reply }).await
    }

    async fn balance(&self) -> Result<u64> {
        self.ask(|reply| Command::Balance { reply }).await
    }

    async fn ask(&self, command: impl FnOnce(oneshot::Sender<u64>) -> Command) -> Result<u64> {
        let (reply, answer) = oneshot::channel();
        self.commands.send(command(reply)).await?;
        Ok(answer.await?)
    }
}

/// One request after the other, until the last [`Account`] is dropped.
async fn serve(mut requests: mpsc::Receiver<Command>) -> u64 {
    let mut balance = 0;
    while let Some(request) = requests.recv().await {
        let reply = match request {
            Command::Deposit { amount, reply } => {
                balance += amount;
                reply
            }
            Command::Balance { reply } => reply,
        };
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

    fn open() -> (Account, tokio::task::JoinHandle<u64>) {
        let (commands, requests) = mpsc::channel(32);
        (Account { commands }, tokio::spawn(serve(requests)))
    }

    /// Proves D-11-4.
    #[tokio::test]
    async fn requests_of_many_callers_are_done_one_after_the_other() {
        let (account, actor) = open();
        let callers: Vec<_> = (0..100)
            .map(|_| {
                let account = account.clone();
                tokio::spawn(async move { account.deposit(1).await.unwrap() })
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
        let (commands, requests) = mpsc::channel(32);
        let account = Account { commands };
        timeout(MOMENT, account.deposit(50)).await.unwrap_err();
        tokio::spawn(serve(requests));
        assert_eq!(account.balance().await.unwrap(), 50);
    }

    /// The same call, the same timeout, the other outcome: it never got into the queue.
    #[tokio::test(start_paused = true)]
    async fn a_caller_that_gives_up_before_a_full_queue_has_not() {
        let (commands, requests) = mpsc::channel(1);
        let account = Account { commands };
        timeout(MOMENT, account.deposit(7)).await.unwrap_err();
        timeout(MOMENT, account.deposit(50)).await.unwrap_err();
        tokio::spawn(serve(requests));
        assert_eq!(account.balance().await.unwrap(), 7);
    }

    #[tokio::test]
    async fn a_caller_that_has_gone_does_not_end_the_actor() {
        let (account, actor) = open();
        let (reply, answer) = oneshot::channel();
        drop(answer);
        account.commands.send(Command::Balance { reply }).await.unwrap();
        assert_eq!(account.deposit(100).await.unwrap(), 100);
        assert!(!actor.is_finished());
    }

    #[tokio::test]
    async fn a_request_to_an_actor_that_has_gone_fails_at_once() {
        let (account, actor) = open();
        actor.abort();
        actor.await.unwrap_err();
        let error = account.deposit(100).await.unwrap_err();
        assert!(error.is::<mpsc::error::SendError<Command>>());
    }

    /// A request in the queue is dropped with the queue, and its reply with it: no caller hangs.
    #[tokio::test(start_paused = true)]
    async fn a_request_that_waits_when_the_actor_goes_fails_too() {
        let (commands, requests) = mpsc::channel(32);
        let account = Account { commands };
        let caller = tokio::spawn(async move { account.deposit(100).await });
        tokio::time::sleep(MOMENT).await;
        assert_eq!((requests.len(), caller.is_finished()), (1, false));
        drop(requests);
        let error = caller.await.unwrap().unwrap_err();
        assert!(error.is::<oneshot::error::RecvError>());
    }
}
