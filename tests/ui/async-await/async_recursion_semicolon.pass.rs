//! Guide 3.5: with a result, and with an end.

use std::path::PathBuf;

#[async_recursion::async_recursion]
async fn traverse_directory(path: PathBuf) -> Vec<String> {
    let sub_path = path.join("sub");
    if !sub_path.exists() {
        return vec![path.display().to_string()];
    }
    traverse_directory(sub_path).await
}

#[tokio::main]
async fn main() {
    println!("{:?}", traverse_directory(".".into()).await);
}
