//! Wrong, and does not compile: moves the one host into the first task, and has none for the second.

use tokio::task::JoinSet;

async fn greet_all(host: String, guests: Vec<String>) -> Vec<String> {
    let mut tasks = JoinSet::new();
    for guest in guests {
        tasks.spawn(async move { format!("{host} greets {guest}") });
    }
    let mut greetings = tasks.join_all().await;
    greetings.sort();
    greetings
}
