//! Guide 3.4: the data lives until the future has ended.

async fn process_data(data: &[u8]) -> usize {
    data.len()
}

#[tokio::main]
async fn main() {
    let data = vec![1, 2, 3, 4, 5];
    let future = process_data(&data);
    println!("長さ: {}", future.await);
}
