//! error[E0597]: `data` does not live long enough
//! Proves G-3.4-2.
//! Guide 3.4: a task may outlive the function that spawns it, so it may not borrow from it.

async fn process_data(data: &[u8]) -> usize {
    data.len()
}

#[tokio::main]
async fn main() -> Result<(), tokio::task::JoinError> {
    let data = vec![1, 2, 3, 4, 5];
    let len = tokio::spawn(process_data(&data)).await?;
    println!("長さ: {len}");
    Ok(())
}
