use std::collections::HashMap;
use std::collections::hash_map::Entry;

async fn user(cache: &mut HashMap<u32, String>, id: u32) -> &String {
    match cache.entry(id) {
        Entry::Occupied(known) => known.into_mut(),
        Entry::Vacant(place) => place.insert(fetch(id).await),
    }
}

async fn fetch(id: u32) -> String {
    format!("User#{id}")
}

#[tokio::main]
async fn main() {
    println!("{}", user(&mut HashMap::new(), 1).await);
}
