//! The files of the workspace as texts. A path is relative to its root, with `/` on every system.

use std::fs;
use std::path::Path;

/// The text of a file, whose lines end with `\n` whatever this checkout has. The error names it.
pub fn read(root: &Path, path: &str) -> Result<String, String> {
    let text = fs::read_to_string(root.join(path));
    text.map(|text| text.replace("\r\n", "\n")).map_err(|error| format!("{path}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    #[test]
    fn a_text_has_the_same_lines_on_every_system() {
        let root = TempDir::new().unwrap();
        fs::write(root.path().join("a.md"), "one\r\ntwo\n").unwrap();
        assert_eq!(read(root.path(), "a.md").unwrap(), "one\ntwo\n");
        assert!(read(root.path(), "b.md").unwrap_err().starts_with("b.md: "));
    }
}
