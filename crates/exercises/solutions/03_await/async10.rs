//! Guide 3.5 — An async fn that calls itself needs a box.

struct Folder {
    files: u64,
    folders: Vec<Folder>,
}

/// Counts the files of a folder and of those inside it.
async fn size(folder: &Folder) -> u64 {
    tokio::task::yield_now().await;
    let mut files = folder.files;
    for inner in &folder.folders {
        // The inner future is on the heap. The outer one contains a pointer to it.
        files += Box::pin(size(inner)).await;
    }
    files
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::paused;

    #[test]
    fn files_of_every_depth_are_counted() {
        let deepest = Folder { files: 4, folders: vec![] };
        let deeper = Folder { files: 2, folders: vec![deepest] };
        let top = Folder { files: 1, folders: vec![deeper, Folder { files: 8, folders: vec![] }] };
        assert_eq!(paused(size(&top)), 15);
    }
}
