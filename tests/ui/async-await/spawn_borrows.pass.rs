//! Guide 3.4: a task that owns its data borrows from itself.

async fn process_data(data: &[u8]) -> usize {
    data.len()
}

#[tokio::main]
async fn main() -> Result<(), tokio::task::JoinError> {
    let data = vec![1, 2, 3, 4, 5];
    let len = tokio::spawn(async move { process_data(&data).await }).await?;
    println!("長さ: {len}");
    Ok(())
}
