//! error[E0428]: the name `main` is defined multiple times
//! Proves G-Q1-1.
//! Guide FAQ Q1: both forms in one block, as printed.

#[tokio::main]
async fn main() {}

fn main() {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {})
}
