//! error[E0597]: `data` does not live long enough
//! Proves G-3.4-3.
//! Guide 3.4: the future keeps the reference that it was called with.

async fn process_data(data: &[u8]) -> usize {
    data.len()
}

#[tokio::main]
async fn main() {
    let future = {
        let data = vec![1, 2, 3, 4, 5];
        process_data(&data)
    };
    println!("長さ: {}", future.await);
}
