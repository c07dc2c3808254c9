//! Guide 3.5: unasked, the compiler finds that it is `Send`, and the walk can be spawned.

async fn traverse_directory(path: std::path::PathBuf) -> Vec<String> {
    let mut results = Vec::new();

    if let Ok(mut entries) = tokio::fs::read_dir(&path).await {
        while let Ok(Some(entry)) = entries.next_entry().await {
            let entry_path = entry.path();
            if entry_path.is_dir() {
                results.extend(Box::pin(traverse_directory(entry_path)).await);
            } else {
                results.push(entry_path.display().to_string());
            }
        }
    }

    results
}

#[tokio::main]
async fn main() -> Result<(), tokio::task::JoinError> {
    let walk = tokio::spawn(traverse_directory(".".into()));
    println!("{:?}", walk.await?);
    Ok(())
}
