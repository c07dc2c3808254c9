//! Guide 4.3 — `fuse()` is for `futures::select!`: it replaces the guards and knows when all are done.

use futures::{FutureExt, select};
use std::pin::pin;
use tokio::time::{Duration, sleep};

#[tokio::main]
pub async fn main() {
    println!("{:?}", both_in_order_of_completion().await);
}

/// Takes 20 ms. `select!` skips a fused future that has ended.
async fn both_in_order_of_completion() -> Vec<&'static str> {
    let mut future_a = pin!(sleep(Duration::from_millis(10)).fuse());
    let mut future_b = pin!(sleep(Duration::from_millis(20)).fuse());
    let mut done = Vec::new();

    loop {
        select! {
            () = future_a => done.push("A"),
            () = future_b => done.push("B"),
            complete => return done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::ready;
    use tokio::time::{Instant, timeout};

    /// The document's loop, with and without its guards, over any two futures; at most 4 rounds.
    async fn rounds(
        a: impl Future<Output = ()>,
        b: impl Future<Output = ()>,
        guarded: bool,
    ) -> Vec<&'static str> {
        let (mut a, mut b) = (pin!(a), pin!(b));
        let mut done = Vec::new();
        while done.len() < 4 && !(done.contains(&"A") && done.contains(&"B")) {
            tokio::select! {
                () = &mut a, if !guarded || !done.contains(&"A") => done.push("A"),
                () = &mut b, if !guarded || !done.contains(&"B") => done.push("B"),
            }
        }
        done
    }

    fn timer(millis: u64) -> tokio::time::Sleep {
        sleep(Duration::from_millis(millis))
    }

    async fn async_fn(millis: u64) {
        timer(millis).await;
    }

    #[tokio::test(start_paused = true)]
    async fn fused_futures_end_with_the_slower_one() {
        let start = Instant::now();
        assert_eq!(both_in_order_of_completion().await, ["A", "B"]);
        assert_eq!(start.elapsed(), Duration::from_millis(20));
    }

    /// Proves G-4.3-2, G-4.3-3.
    #[tokio::test(start_paused = true)]
    async fn guards_or_fuse_or_both_are_enough() {
        let both = ["A", "B"];
        assert_eq!(rounds(async_fn(10).fuse(), async_fn(20).fuse(), true).await, both);
        assert_eq!(rounds(async_fn(10), async_fn(20), true).await, both);
        assert_eq!(rounds(async_fn(10).fuse(), async_fn(20).fuse(), false).await, both);
        assert_eq!(rounds(timer(10), timer(20), true).await, both);
    }

    /// Proves G-4.3-2.
    #[tokio::test(start_paused = true)]
    #[should_panic = "`async fn` resumed after completion"]
    async fn without_either_an_async_fn_panics_when_polled_again() {
        // The first to end stays in the race: polled again it panics, whichever branch is first.
        rounds(async_fn(0), std::future::pending(), false).await;
    }

    /// Proves G-4.3-2.
    #[tokio::test(start_paused = true)]
    async fn without_either_a_timer_wins_again_and_again() {
        assert_eq!(rounds(timer(10), timer(20), false).await, ["A", "A", "A", "A"]);
    }

    /// Proves G-1.3-6, G-4.3-4.
    #[tokio::test(start_paused = true)]
    #[should_panic = "all branches are disabled and there is no else branch"]
    async fn a_select_with_every_branch_switched_off_panics() {
        tokio::select! {
            () = ready(()), if false => {}
        }
    }

    /// Proves G-4.3-4.
    #[tokio::test(start_paused = true)]
    async fn awaiting_a_fused_future_that_has_ended_waits_for_ever() {
        let mut fused = ready(()).fuse();
        (&mut fused).await;
        timeout(Duration::from_secs(3600), &mut fused).await.unwrap_err();
    }
}
