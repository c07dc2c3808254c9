//! Guide 3.3 — A task owns what it uses.
//!
//! A task may outlive the function that spawned it, so `spawn` refuses a future that borrows from
//! the function. `async move` moves what the block names into the block, so each of several tasks
//! needs its own copy.
//!
//! Fails first: it does not compile: E0373.

use tokio::task::JoinSet;

/// Greets everybody in the name of the host, each guest in a task of its own.
async fn greet_all(host: String, guests: Vec<String>) -> Vec<String> {
    let mut tasks = JoinSet::new();
    for guest in guests {
        // TODO: The task may live longer than this function, so it cannot borrow `host` and `guest`.
        tasks.spawn(async { format!("{host} greets {guest}") });
    }
    let mut greetings = tasks.join_all().await;
    greetings.sort();
    greetings
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::{Wakes, paused};
    use std::pin::pin;
    use tokio::runtime::Handle;

    #[test]
    fn each_guest_is_greeted_by_a_task() {
        paused(async {
            let guests = ["Bob", "Cy"].map(String::from).to_vec();
            let mut greeting = pin!(greet_all("Ada".into(), guests));
            assert!(Wakes::new().poll(greeting.as_mut()).is_pending());
            assert_eq!(Handle::current().metrics().num_alive_tasks(), 2);
            assert_eq!(greeting.await, ["Ada greets Bob", "Ada greets Cy"]);
        });
    }
}
