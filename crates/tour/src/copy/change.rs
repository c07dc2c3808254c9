//! Changes to a package of the user: all of them, or none.

use crate::failure::Failure;
use crate::visible::shown;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// The changes so far. Unless they are kept, everything is put back as it was.
#[derive(Default)]
pub struct Changes {
    /// Each file and its text before; `None` if there was no file.
    before: Vec<(PathBuf, Option<Vec<u8>>)>,
}

impl Changes {
    /// Remembers `file` as it is, for what somebody else is about to change.
    pub fn watch(&mut self, file: &Path) -> Result<(), Failure> {
        let before = match fs::read(file) {
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            read => Some(read.map_err(|error| Failure::refused(shown(file), &error))?),
        };
        self.before.push((file.into(), before));
        Ok(())
    }

    /// A file that is not there yet.
    pub fn create(&mut self, file: &Path, text: &str) -> Result<(), Failure> {
        let written = beside(file, text.as_bytes()).and_then(|draft| {
            // A rename would replace what has come to be there since; this fails.
            let made = File::create_new(file)
                .map(drop)
                .and_then(|()| fs::rename(&draft, file).inspect_err(|_| remove(file)));
            made.inspect_err(|_| remove(&draft))
        });
        written.map_err(|error| cannot_be_written(file, &error))?;
        self.before.push((file.into(), None));
        Ok(())
    }

    /// A file that is there, with the rights that it has.
    pub fn replace(&mut self, file: &Path, text: &str) -> Result<(), Failure> {
        self.watch(file)?;
        replace(file, text.as_bytes()).map_err(|error| cannot_be_written(file, &error))
    }

    /// Everything stays as it is now.
    pub fn keep(mut self) {
        self.before.clear();
    }
}

impl Drop for Changes {
    fn drop(&mut self) {
        for (file, before) in self.before.drain(..).rev() {
            match before {
                Some(text) if fs::read(&file).is_ok_and(|now| now == text) => {}
                // The error that led here is the one to report.
                Some(text) => drop(replace(&file, &text)),
                None => remove(&file),
            }
        }
    }
}

fn replace(file: &Path, text: &[u8]) -> io::Result<()> {
    // A link stays one: its file is replaced.
    let file = fs::canonicalize(file)?;
    let rights = fs::metadata(&file)?.permissions();
    if rights.readonly() {
        return Err(ErrorKind::PermissionDenied.into());
    }
    let draft = beside(&file, text)?;
    let moved = fs::set_permissions(&draft, rights).and_then(|()| fs::rename(&draft, &file));
    moved.inspect_err(|_| remove(&draft))
}

/// The text in a file of our own in the same folder: from there a move is a rename.
fn beside(file: &Path, text: &[u8]) -> io::Result<PathBuf> {
    let draft = file.with_file_name(format!(".tour-{}", std::process::id()));
    File::create_new(&draft)?;
    fs::write(&draft, text).inspect_err(|_| remove(&draft))?;
    Ok(draft)
}

fn remove(file: &Path) {
    // What cannot be removed cannot be helped.
    let _ = fs::remove_file(file);
}

fn cannot_be_written(file: &Path, error: &io::Error) -> Failure {
    Failure::refused(format!("{} cannot be written", shown(file)), error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_is_not_kept_is_put_back() {
        let folder = TempDir::new().unwrap();
        let file = |name: &str| folder.path().join(name);
        for name in ["replaced", "watched"] {
            fs::write(file(name), "before").unwrap();
        }
        for is_kept in [false, true] {
            let mut changes = Changes::default();
            changes.create(&file("new"), "after").unwrap();
            changes.replace(&file("replaced"), "after").unwrap();
            for name in ["watched", "unborn"] {
                changes.watch(&file(name)).unwrap();
                fs::write(file(name), "after").unwrap();
            }
            if is_kept {
                changes.keep();
                assert_eq!(names(folder.path()), ["new", "replaced", "unborn", "watched"]);
                assert_eq!(fs::read_to_string(file("replaced")).unwrap(), "after");
            } else {
                drop(changes);
                assert_eq!(names(folder.path()), ["replaced", "watched"]);
                for name in ["replaced", "watched"] {
                    assert_eq!(fs::read_to_string(file(name)).unwrap(), "before");
                }
            }
        }
    }

    #[test]
    fn nothing_is_overwritten_and_no_draft_is_left() {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("theirs");
        fs::write(&file, "theirs").unwrap();
        Changes::default().create(&file, "ours").unwrap_err();
        assert_eq!(fs::read_to_string(&file).unwrap(), "theirs");
        assert_eq!(names(folder.path()), ["theirs"]);
    }

    #[cfg(unix)] // has rights that a file keeps, and links
    #[test]
    fn a_file_keeps_its_rights_and_a_link_its_file() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
        let folder = TempDir::new().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "before").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("file", &link).unwrap();
        let mut changes = Changes::default();
        changes.replace(&link, "after").unwrap();
        changes.keep();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "after");
        assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o640);
    }
}
