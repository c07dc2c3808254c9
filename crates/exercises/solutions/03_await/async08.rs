//! Guide 3.3 — A task owns what it uses.

use tokio::task::JoinSet;

/// Greets everybody in the name of the host, each guest in a task of its own.
async fn greet_all(host: String, guests: Vec<String>) -> Vec<String> {
    let mut tasks = JoinSet::new();
    for guest in guests {
        // Each task gets a copy. For a big value, clone an `Arc` instead.
        let host = host.clone();
        tasks.spawn(async move { format!("{host} greets {guest}") });
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
