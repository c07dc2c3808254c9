//! Guide 10.3 — `cancel()` reaches all tokens below it, and no token above it or beside it.

use std::future::{pending, ready};
use tokio_util::sync::CancellationToken;

#[tokio::main]
pub async fn main() {
    let [child, grandchild, late] = below_a_cancelled_parent();
    println!("parent.cancel(): child {child}, grandchild {grandchild}, late child {late}");

    let [parent, sibling] = around_a_cancelled_child();
    println!("child.cancel(): parent {parent}, sibling {sibling}");

    let [token, guard] = below_a_dropped_parent();
    println!("drop(parent): child {token}, with drop_guard(): child {guard}");

    let [finished, cancelled] = until_cancelled().await;
    println!("run_until_cancelled: {finished:?}, then {cancelled:?}");
}

/// The late child is made after the call, and cancelled from birth.
fn below_a_cancelled_parent() -> [bool; 3] {
    let parent = CancellationToken::new();
    let child = parent.child_token();
    let grandchild = child.child_token();

    parent.cancel();
    let late = parent.child_token();
    [child, grandchild, late].map(|token| token.is_cancelled())
}

fn around_a_cancelled_child() -> [bool; 2] {
    let parent = CancellationToken::new();
    let [child, sibling] = [parent.child_token(), parent.child_token()];

    child.cancel();
    [parent, sibling].map(|token| token.is_cancelled())
}

/// To drop a token is not to cancel it. A guard does both, on every way out: `?` and panic too.
fn below_a_dropped_parent() -> [bool; 2] {
    let [token, guarded] = [CancellationToken::new(), CancellationToken::new()];
    let [child, guarded_child] = [token.child_token(), guarded.child_token()];

    drop(token);
    drop(guarded.drop_guard());
    [child, guarded_child].map(|token| token.is_cancelled())
}

/// Drops the future when cancelled: right for work that needs no cleanup of its own.
async fn until_cancelled() -> [Option<&'static str>; 2] {
    let token = CancellationToken::new();
    let finished = token.run_until_cancelled(ready("done")).await;

    let (cancelled, ()) =
        tokio::join!(token.run_until_cancelled(pending()), async { token.cancel() },);
    [finished, cancelled]
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use std::pin::pin;
    use utils::probe::{DropLog, Polls};

    /// Proves G-10.3-2.
    #[test]
    fn a_parent_cancels_all_below_it_even_what_is_made_afterwards() {
        assert_eq!(below_a_cancelled_parent(), [true, true, true]);
    }

    /// Proves G-10.3-2.
    #[test]
    fn a_child_cancels_neither_its_parent_nor_a_sibling() {
        assert_eq!(around_a_cancelled_child(), [false, false]);
    }

    /// Proves G-10.3-2.
    #[test]
    fn a_dropped_parent_cancels_nothing_and_a_dropped_guard_does() {
        assert_eq!(below_a_dropped_parent(), [false, true]);
    }

    #[test]
    fn a_child_stays_cancellable_after_its_parent_is_gone() {
        let grandparent = CancellationToken::new();
        let parent = grandparent.child_token();
        let child = parent.child_token();
        drop(parent);
        assert!(!child.is_cancelled());
        grandparent.cancel();
        assert!(child.is_cancelled());
    }

    #[test]
    fn a_guard_cancels_on_a_panic_too() {
        let token = CancellationToken::new();
        let guard = token.clone().drop_guard();
        let panic = std::panic::catch_unwind(move || {
            let _guard = guard;
            panic!("on the way out");
        });
        assert_eq!(panic.unwrap_err().downcast_ref(), Some(&"on the way out"));
        assert!(token.is_cancelled());
    }

    #[test]
    fn a_disarmed_guard_cancels_nothing() {
        let token = CancellationToken::new();
        drop(token.clone().drop_guard().disarm());
        assert!(!token.is_cancelled());
    }

    /// The document clones the child before it moves it: that is one token, not two.
    #[test]
    fn a_clone_is_the_same_token_and_not_a_child() {
        let token = CancellationToken::new();
        token.clone().cancel();
        assert!(token.is_cancelled());
    }

    #[tokio::test]
    async fn a_future_runs_until_its_end_or_the_cancel() {
        assert_eq!(until_cancelled().await, [Some("done"), None]);
    }

    #[tokio::test]
    async fn on_a_cancelled_token_the_future_is_dropped_without_a_poll() {
        let token = CancellationToken::new();
        token.cancel();
        let polls = Polls::new();
        assert_eq!(token.run_until_cancelled(polls.of(ready("done"))).await, None);
        assert_eq!(polls.count(), 0);
    }

    /// The opposite of `select! { biased; () = token.cancelled() => … }`: finished work counts.
    #[tokio::test]
    async fn a_future_that_is_ready_when_the_cancel_comes_wins() {
        let token = CancellationToken::new();
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let mut run = pin!(token.run_until_cancelled(receiver));
        assert!(run.as_mut().now_or_never().is_none());
        token.cancel();
        sender.send("done").unwrap();
        assert_eq!(run.await, Some(Ok("done")));
    }

    #[tokio::test]
    async fn a_cancelled_future_is_dropped_where_it_stands() {
        let log = DropLog::new();
        let token = CancellationToken::new();
        let work = async {
            let _guard = log.guard("dropped");
            log.note("started");
            pending::<()>().await;
            log.note("finished");
        };
        tokio::join!(token.run_until_cancelled(work), async { token.cancel() });
        assert_eq!(log.entries(), ["started", "dropped"]);
    }
}
