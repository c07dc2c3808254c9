//! Guide 4.3 — The `if` guards make a `select!` loop over two futures safe; `fuse()` does not.

use std::pin::pin;
use tokio::time::{Duration, sleep};

#[tokio::main]
pub async fn main() {
    both_in_order_of_completion().await;
}

/// Takes 200 ms. A finished future must not be polled again, so its branch is switched off.
async fn both_in_order_of_completion() {
    let mut future_a = pin!(sleep(Duration::from_millis(100)));
    let mut future_b = pin!(sleep(Duration::from_millis(200)));
    let mut a_done = false;
    let mut b_done = false;

    // With both switched off, `select!` would panic: the condition comes first.
    while !a_done || !b_done {
        tokio::select! {
            () = &mut future_a, if !a_done => {
                println!("A 完了");
                a_done = true;
            }
            () = &mut future_b, if !b_done => {
                println!("B 完了");
                b_done = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::Instant;

    /// Proves G-4.3-1.
    #[tokio::test(start_paused = true)]
    async fn the_loop_ends_with_the_slower_future() {
        let start = Instant::now();
        both_in_order_of_completion().await;
        assert_eq!(start.elapsed(), Duration::from_millis(200));
    }
}
