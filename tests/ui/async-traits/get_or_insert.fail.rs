//! error[E0499]: cannot borrow `*cache` as mutable more than once at a time
//! Proves D-15-3.
//! from 1.101: compiles
//! Deep dive 15: before Polonius the early return borrows `cache` to the end.

use std::collections::HashMap;

async fn user(cache: &mut HashMap<u32, String>, id: u32) -> &String {
    if let Some(known) = cache.get_mut(&id) {
        return known;
    }
    let fetched = fetch(id).await;
    cache.entry(id).or_insert(fetched)
}

async fn fetch(id: u32) -> String {
    format!("User#{id}")
}

#[tokio::main]
async fn main() {
    println!("{}", user(&mut HashMap::new(), 1).await);
}
