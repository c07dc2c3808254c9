//! Guide 9.3 — A guard of `std::sync::Mutex` must not live across `.await`.
//!
//! A task that waits with the guard keeps the lock, and `tokio::spawn` does not even accept such a
//! task. Wait first, and then lock for the moment of the change.
//!
//! Fails first: it does not compile: future cannot be sent.

use std::sync::{Arc, Mutex};
use tokio::task::yield_now;

/// Looks the amount up, which takes a while.
async fn look_up(amount: u32) -> u32 {
    yield_now().await;
    amount
}

/// Adds the amount to the total.
async fn add(total: Arc<Mutex<u32>>, amount: u32) {
    // TODO: The lock is held while this task waits.
    let mut total = total.lock().unwrap();
    *total += look_up(amount).await;
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::paused;
    use tokio::task::JoinSet;

    #[test]
    fn nothing_that_was_added_is_lost() {
        paused(async {
            let total = Arc::new(Mutex::new(0));
            let tasks: JoinSet<()> = (1..=10).map(|amount| add(total.clone(), amount)).collect();
            tasks.join_all().await;
            assert_eq!(*total.lock().unwrap(), 55);
        });
    }
}
