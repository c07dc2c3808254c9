//! error[E0283]: type annotations needed: cannot satisfy `impl Future<Output = Vec<String>>: Send`
//! Proves G-3.5-1.
//! from 1.101: compiles
//! Guide 3.5: the snippet as printed. Before the new trait solver an `async fn` cannot ask whether
//! its own future is `Send`.

use std::future::Future;
use std::pin::Pin;

async fn traverse_directory(path: std::path::PathBuf) -> Vec<String> {
    let mut results = Vec::new();

    if let Ok(mut entries) = tokio::fs::read_dir(&path).await {
        while let Ok(Some(entry)) = entries.next_entry().await {
            let entry_path = entry.path();
            if entry_path.is_dir() {
                let sub_results: Pin<Box<dyn Future<Output = Vec<String>> + Send>>
                    = Box::pin(traverse_directory(entry_path));
                results.extend(sub_results.await);
            } else {
                results.push(entry_path.display().to_string());
            }
        }
    }

    results
}

#[tokio::main]
async fn main() {
    println!("{:?}", traverse_directory(".".into()).await);
}
