//! Wrong: goes one level down, and no deeper.

struct Folder {
    files: u64,
    folders: Vec<Folder>,
}

async fn size(folder: &Folder) -> u64 {
    tokio::task::yield_now().await;
    folder.files + folder.folders.iter().map(|inner| inner.files).sum::<u64>()
}
