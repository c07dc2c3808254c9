//! Guide 3.5 — An `async fn` may call itself inside `Box::pin(..)`, and its future stays `Send`.

use std::io;
use std::path::{Path, PathBuf};
use tokio::fs;

/// Each level holds a descriptor, and some KiB of a stack of 2 MiB: a thousand would abort the process.
const MAX_DEPTH: usize = 128;

#[tokio::main]
pub async fn main() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let root = folder.path();
    plant_a_tree(root).await?;

    let mut results = traverse_directory(root.to_path_buf(), 0).await?;
    // The system lists a folder in any order.
    results.sort();
    for path in &results {
        println!("{}", path.strip_prefix(root).unwrap_or(path).display());
    }
    if let Err(error) = traverse_directory(root.join("missing"), 0).await {
        println!("エラー: missing: {}", error.kind());
    }
    Ok(())
}

/// Returns all below `path` that is not a folder, in no particular order. The first error ends it.
///
/// The box breaks the circle of a future that would contain itself.
async fn traverse_directory(path: PathBuf, depth: usize) -> io::Result<Vec<PathBuf>> {
    if depth > MAX_DEPTH {
        return Err(io::Error::other("too deep"));
    }
    let mut results = Vec::new();
    let mut entries = fs::read_dir(&path).await?;
    while let Some(entry) = entries.next_entry().await? {
        // `Path::is_dir` would block this thread, follow links and swallow its errors.
        if entry.file_type().await?.is_dir() {
            results.extend(Box::pin(traverse_directory(entry.path(), depth + 1)).await?);
        } else {
            results.push(entry.path());
        }
    }
    Ok(results)
}

async fn plant_a_tree(root: &Path) -> io::Result<()> {
    fs::create_dir_all(root.join("a/b/c")).await?;
    for file in ["b.txt", "z.txt", "a/b/c/deep.txt", "a/b/k.txt", "a/m.txt"] {
        fs::write(root.join(file), "").await?;
    }
    // Leads from a/b back to the root.
    #[cfg(unix)]
    fs::symlink("../..", root.join("a/b/loop")).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::ErrorKind;
    use std::pin::Pin;
    use tempfile::{TempDir, tempdir};

    async fn planted() -> TempDir {
        let folder = tempdir().unwrap();
        plant_a_tree(folder.path()).await.unwrap();
        folder
    }

    async fn found(path: &Path) -> io::Result<Vec<PathBuf>> {
        let mut found = traverse_directory(path.to_path_buf(), 0).await?;
        found.sort();
        Ok(found)
    }

    #[cfg(unix)]
    fn names(root: &Path, found: &[PathBuf]) -> Vec<String> {
        let name = |path: &PathBuf| path.strip_prefix(root).unwrap().to_str().unwrap().to_string();
        found.iter().map(name).collect()
    }

    #[cfg(unix)]
    const PLANTED: [&str; 6] =
        ["a/b/c/deep.txt", "a/b/k.txt", "a/b/loop", "a/m.txt", "b.txt", "z.txt"];

    #[cfg(unix)] // makes a symbolic link, which not every user of Windows may
    #[tokio::test]
    async fn every_file_is_found_once_although_a_link_makes_a_loop() {
        let folder = planted().await;
        let found = found(folder.path()).await.unwrap();
        assert_eq!(names(folder.path(), &found), PLANTED);
    }

    #[tokio::test]
    async fn a_missing_folder_is_an_error() {
        let folder = tempdir().unwrap();
        let error = found(&folder.path().join("missing")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
    }

    #[tokio::test]
    async fn a_file_is_no_folder() {
        let folder = planted().await;
        let error = found(&folder.path().join("b.txt")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotADirectory);
    }

    #[tokio::test]
    async fn an_empty_folder_has_neither_files_nor_errors() {
        let folder = tempdir().unwrap();
        assert_eq!(found(folder.path()).await.unwrap(), Vec::<PathBuf>::new());
    }

    /// Linux opens no path above 4096 bytes, not even for root, whom permissions do not stop.
    #[cfg(target_os = "linux")] // expects the errors of Linux
    #[tokio::test]
    async fn a_folder_that_cannot_be_read_is_an_error() {
        const DEEP: usize = 24;
        let folder = planted().await;
        let root = folder.path();
        // Two halves, each short enough to be made, and one hung below the other.
        for half in ["upper", "lower"] {
            let mut path = root.join(half);
            path.extend(std::iter::repeat_n("d".repeat(99), DEEP));
            std::fs::create_dir_all(path).unwrap();
        }
        let mut bottom = root.join("upper");
        bottom.extend(std::iter::repeat_n("d".repeat(99), DEEP));
        std::fs::rename(root.join("lower"), bottom.join("lower")).unwrap();

        assert_eq!(found(root).await.unwrap_err().kind(), ErrorKind::InvalidFilename);
    }

    #[tokio::test]
    async fn a_folder_below_128_others_is_an_error() {
        let folder = tempdir().unwrap();
        let root = folder.path();
        let level = |depth| root.join("d/".repeat(depth));
        std::fs::create_dir_all(level(128)).unwrap();
        std::fs::write(level(128).join("file"), "").unwrap();
        assert_eq!(found(root).await.unwrap(), [level(128).join("file")]);
        std::fs::create_dir(level(129)).unwrap();
        assert_eq!(found(root).await.unwrap_err().to_string(), "too deep");
    }

    #[cfg(unix)] // takes a permission away
    #[tokio::test]
    async fn a_forbidden_folder_is_an_error_unless_root_reads_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = planted().await;
        let forbidden = folder.path().join("a");
        let mode = |mode| std::fs::set_permissions(&forbidden, PermissionsExt::from_mode(mode));
        mode(0o000).unwrap();
        let is_root = std::fs::read_dir(&forbidden).is_ok();
        let found = found(folder.path()).await;
        mode(0o700).unwrap();
        if is_root {
            assert_eq!(names(folder.path(), &found.unwrap()), PLANTED);
        } else {
            assert_eq!(found.unwrap_err().kind(), ErrorKind::PermissionDenied);
        }
    }

    /// A name is bytes. Printed with `display()`, as the document keeps it, it opens no file.
    #[cfg(target_os = "linux")] // elsewhere a file system refuses the name
    #[tokio::test]
    async fn a_name_that_is_not_utf8_stays_usable() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempdir().unwrap();
        let name = std::ffi::OsStr::from_bytes(b"\xff.txt");
        std::fs::write(folder.path().join(name), "content").unwrap();
        let [path] = &found(folder.path()).await.unwrap()[..] else {
            panic!("one file");
        };
        assert_eq!(fs::read_to_string(path).await.unwrap(), "content");
        let displayed = path.display().to_string();
        let error = fs::read_to_string(displayed).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
    }

    /// The compiler works out by itself that the future is `Send`.
    #[tokio::test]
    async fn a_walk_can_be_spawned() {
        let folder = planted().await;
        let root = folder.path().to_path_buf();
        let walk = tokio::spawn(async move { found(&root).await });
        assert_eq!(walk.await.unwrap().unwrap(), found(folder.path()).await.unwrap());
    }

    /// The document's walk, with the one change without which it does not compile: no `+ Send`.
    async fn as_documented(path: PathBuf) -> Vec<String> {
        let mut results = Vec::new();
        if let Ok(mut entries) = fs::read_dir(&path).await {
            while let Ok(Some(entry)) = entries.next_entry().await {
                let entry_path = entry.path();
                if entry_path.is_dir() {
                    let sub_results: Pin<Box<dyn Future<Output = Vec<String>>>> =
                        Box::pin(as_documented(entry_path));
                    results.extend(sub_results.await);
                } else {
                    results.push(entry_path.display().to_string());
                }
            }
        }
        results
    }

    /// Proves G-3.5-6.
    #[tokio::test]
    async fn the_documented_walk_takes_a_missing_folder_for_an_empty_one() {
        let folder = tempdir().unwrap();
        let missing = folder.path().join("missing");
        assert_eq!(as_documented(missing).await, Vec::<String>::new());
    }

    /// That order is the one of making, its reverse, or by a hash: it depends on the file system.
    #[cfg(target_os = "linux")] // as the paragraph above says
    /// Proves G-3.5-5.
    #[tokio::test]
    async fn the_documented_walk_is_in_the_order_of_the_folder() {
        let folder = tempdir().unwrap();
        for number in 0..20 {
            let name = format!("{:02}.txt", number * 7 % 20);
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let order = std::fs::read_dir(folder.path()).unwrap();
        let order: Vec<_> =
            order.map(|entry| entry.unwrap().path().display().to_string()).collect();
        assert_eq!(as_documented(folder.path().to_path_buf()).await, order);
        assert!(!order.is_sorted(), "{order:?}");
    }

    /// It follows the link until the system has enough, which for Linux is after 40 links: the
    /// five files on 41 levels, and the link that is followed no more.
    #[cfg(target_os = "linux")] // as the paragraph above says
    /// Proves G-3.5-6.
    #[tokio::test]
    async fn the_documented_walk_makes_206_entries_of_five_files() {
        let folder = planted().await;
        // A link on the way to the folder would count among the 40.
        let root = folder.path().canonicalize().unwrap();
        assert_eq!(as_documented(root).await.len(), 5 * 41 + 1);
    }
}
