//! A folder that is being written, until it is whole.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A folder of our own, removed in the end unless it has been moved.
pub struct Staging {
    pub folder: PathBuf,
}

impl Staging {
    /// Where the package will be, so on the same file system: there a move is a rename.
    pub fn in_folder(folder: &Path) -> io::Result<Self> {
        let folder = folder.join(format!(".tour-{}", std::process::id()));
        fs::create_dir(&folder)?;
        Ok(Self { folder })
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // After a move there is nothing left; and what cannot be removed cannot be helped.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
