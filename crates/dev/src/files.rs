//! The files of the workspace. A path is relative to its root, with `/` on every system.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub use tour::text::read;

/// The files below `folder` with a name that ends with `end`, by path, without what cargo builds.
pub fn below(root: &Path, folder: &str, end: &str) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for path in entries(&folder).map_err(|error| format!("{}: {error}", folder.display()))? {
            if path.is_dir() && !path.ends_with("target") {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(end) {
                let path = path.strip_prefix(root).unwrap_or(&path).to_string_lossy();
                found.push(path.replace('\\', "/"));
            }
        }
    }
    found.sort();
    Ok(found)
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
}

/// Writes a file, and the folder that it lies in. A reader finds the old file or the new one, whole.
/// On an error the old one is as it was.
pub fn replace(root: &Path, path: &str, text: &str) -> Result<(), String> {
    let (file, new) = (root.join(path), root.join(format!("{path}.new")));
    let folder = file.parent().map_or(Ok(()), fs::create_dir_all);
    let replaced =
        folder.and_then(|()| fs::write(&new, text)).and_then(|()| fs::rename(&new, &file));
    replaced.map_err(|error| {
        // The error that led here is the one to report.
        let _ = fs::remove_file(&new);
        format!("{path}: {error}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    #[test]
    fn files_are_found_in_folders_below() {
        let root = TempDir::new().unwrap();
        fs::create_dir_all(root.path().join("a/b")).unwrap();
        fs::create_dir_all(root.path().join("a/target")).unwrap();
        for path in ["a/b/y.rs", "a/x.rs", "a/x.md", "z.rs", "a/target/w.rs"] {
            fs::write(root.path().join(path), "").unwrap();
        }
        assert_eq!(below(root.path(), "a", ".rs").unwrap(), ["a/b/y.rs", "a/x.rs"]);
        assert!(below(root.path(), "c", ".rs").is_err());
    }

    #[test]
    fn a_file_that_cannot_be_replaced_stays_and_nothing_is_left_beside_it() {
        let root = TempDir::new().unwrap();
        replace(root.path(), "a/b.md", "old").unwrap();
        replace(root.path(), "a/b.md", "new").unwrap();
        assert_eq!(read(root.path(), "a/b.md").unwrap(), "new");
        // A folder cannot be replaced by a file.
        fs::create_dir(root.path().join("b.md")).unwrap();
        assert!(replace(root.path(), "b.md", "new").unwrap_err().starts_with("b.md: "));
        assert!(!root.path().join("b.md.new").exists());
    }
}
