//! Wrong: greets without tasks, one after the other.

async fn greet_all(host: String, guests: Vec<String>) -> Vec<String> {
    let mut greetings = Vec::new();
    for guest in guests {
        greetings.push(format!("{host} greets {guest}"));
    }
    greetings.sort();
    greetings
}
