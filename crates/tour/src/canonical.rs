//! A path from the root, without links, in the form that people type.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// As `fs::canonicalize`, but for Windows, which answers `\\?\C:\folder`: few programs there take it.
pub fn canonical(path: &Path) -> io::Result<PathBuf> {
    let path = fs::canonicalize(path)?;
    let plain = path.to_str().and_then(typed).map(PathBuf::from);
    Ok(plain.unwrap_or(path))
}

/// A path on a drive without its prefix. `\\?\UNC\server` has no drive, and needs it.
fn typed(path: &str) -> Option<&str> {
    let plain = path.strip_prefix(r"\\?\")?;
    (plain.get(1..2) == Some(":")).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_on_a_drive_loses_the_prefix() {
        assert_eq!(typed(r"\\?\C:\folder"), Some(r"C:\folder"));
        assert_eq!(typed(r"\\?\UNC\server\folder"), None);
        assert_eq!(typed("/home/me"), None);
    }

    #[test]
    fn no_prefix_is_left_of_the_folder_of_this_crate() {
        let here = canonical(Path::new(".")).unwrap();
        assert!(here.is_absolute() && !here.starts_with(r"\\?\"), "{here:?}");
    }
}
