//! error[E0271]: to be a future that resolves to `Vec<String>`, but it resolves to `()`
//! Proves G-3.5-4.
//! Guide 3.5: the commented example, given its `sub_path`: the `;` drops the result.

use std::path::PathBuf;

#[async_recursion::async_recursion]
async fn traverse_directory(path: PathBuf) -> Vec<String> {
    let sub_path = path.join("sub");
    traverse_directory(sub_path).await;
}

#[tokio::main]
async fn main() {
    println!("{:?}", traverse_directory(".".into()).await);
}
