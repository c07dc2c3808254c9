//! Wrong, and does not compile: boxes without pinning: what moves cannot be polled.

struct Folder {
    files: u64,
    folders: Vec<Folder>,
}

async fn size(folder: &Folder) -> u64 {
    tokio::task::yield_now().await;
    let mut files = folder.files;
    for inner in &folder.folders {
        files += Box::new(size(inner)).await;
    }
    files
}
