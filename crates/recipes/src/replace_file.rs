//! Write a file whole, or leave the old one as it is.
//!
//! `write_all` of a `tokio::fs::File` returns before anything is written: without `flush` the file may be
//! empty when it is dropped, and an error is lost. `tokio::fs::write` waits, but a full disk or a crash
//! leaves half a file, and a reader sees it at any time. Here the bytes go to a new file beside it,
//! which takes the name when all of them are on the disk.
//!
//! `tempfile` makes the new file, and removes it again after an error. One closure on the blocking pool
//! does all of it.
//!
//! ```
//! # use recipes::replace_file::replace_file;
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> std::io::Result<()> {
//! # let folder = tempfile::tempdir()?;
//! let path = folder.path().join("settings.toml");
//! replace_file(&path, "speed = 3").await?;
//! replace_file(&path, "speed = 4").await?;
//! assert_eq!(std::fs::read_to_string(path)?, "speed = 4");
//! # Ok(()) }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use std::fs::{self, File};
use std::io::{Error, Result, Write};
use std::path::{Path, PathBuf};
use tempfile::Builder;
use tokio::task::spawn_blocking;

/// Replaces what `path` names by a file with these bytes, or makes it.
///
/// The file has the permissions of the old one. A symbolic link stays, and its target is replaced.
///
/// # Errors
///
/// Those of the system: the folder does not exist or cannot be written, the disk is full. The old file
/// is there then, as it was. If only the folder cannot be synced, the new one is there already.
///
/// # Panics
///
/// Outside a Tokio runtime.
///
/// # Cancel safety
///
/// If dropped, the write goes on. The end of the runtime may keep it from beginning, and the old file
/// stays.
///
/// # Non-guarantees
///
/// The owner, links and extended attributes of the old file are lost. Of two writes at once, one wins.
/// On Windows, the name is not synced, and a file that somebody has open may refuse to be replaced.
pub async fn replace_file(
    path: impl Into<PathBuf>,
    bytes: impl AsRef<[u8]> + Send + 'static,
) -> Result<()> {
    let path = path.into();
    let written = spawn_blocking(move || replace(&path, bytes.as_ref())).await;
    written.unwrap_or_else(|error| match error.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(cancelled) => Err(Error::other(cancelled)),
    })
}

fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    // On the same disk: a name cannot move to another one.
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    #[cfg_attr(not(unix), expect(unused_mut, reason = "a mode is Unix's"))]
    let mut builder = Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As of any new file: the umask takes its share.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    if let Ok(old) = fs::metadata(&path) {
        file.as_file().set_permissions(old.permissions())?;
    }
    // Before the name: after a crash it must not stand for an empty file.
    file.as_file().sync_all()?;
    file.persist(&path)?;
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::{TempDir, tempdir};

    /// Returns the names of the files in the folder.
    fn names(folder: &TempDir) -> Vec<String> {
        let entries = fs::read_dir(folder.path()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[tokio::test]
    async fn a_file_is_made_and_replaced_and_nothing_else_stays() {
        let folder = tempdir().unwrap();
        let path = folder.path().join("file");
        for text in ["first", "second, which is longer", ""] {
            replace_file(&path, text).await.unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
            assert_eq!(names(&folder), ["file"]);
        }
    }

    #[cfg(unix)] // elsewhere an open file may refuse
    #[tokio::test]
    async fn a_reader_that_has_opened_the_old_file_reads_the_whole_of_it() {
        use std::io::Read;
        let folder = tempdir().unwrap();
        let path = folder.path().join("file");
        replace_file(&path, "old").await.unwrap();
        let mut reader = File::open(&path).unwrap();
        replace_file(&path, "new, and longer").await.unwrap();
        let mut text = String::new();
        reader.read_to_string(&mut text).unwrap();
        assert_eq!(text, "old");
    }

    #[tokio::test]
    async fn after_an_error_there_is_no_file_and_nothing_else() {
        let folder = tempdir().unwrap();
        let error = replace_file(folder.path().join("none/file"), "new").await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
        // A folder cannot be replaced by a file.
        fs::create_dir(folder.path().join("sub")).unwrap();
        replace_file(folder.path().join("sub"), "new").await.unwrap_err();
        assert_eq!(names(&folder), ["sub"]);
    }

    #[cfg(unix)] // elsewhere there are no modes
    #[tokio::test]
    async fn the_mode_of_the_old_file_stays_and_a_new_one_has_that_of_any_new_file() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempdir().unwrap();
        let (path, other) = (folder.path().join("file"), folder.path().join("other"));
        let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        replace_file(&path, "old").await.unwrap();
        fs::write(&other, "").unwrap();
        assert_eq!(mode(&path), mode(&other));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        replace_file(&path, "new").await.unwrap();
        assert_eq!(mode(&path), 0o640);
    }

    #[cfg(unix)] // elsewhere a link needs a privilege
    #[tokio::test]
    async fn a_link_stays_a_link() {
        let folder = tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        replace_file(&target, "old").await.unwrap();
        std::os::unix::fs::symlink("target", &link).unwrap();
        replace_file(&link, "new").await.unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }

    /// Of writers at once one wins, and no reader ever sees half of a file.
    #[cfg(unix)] // elsewhere an open file may refuse
    #[tokio::test]
    async fn a_reader_sees_one_of_the_writes_and_all_of_it() {
        let folder = tempdir().unwrap();
        let path = folder.path().join("file");
        let texts = ["a", "b", "c"].map(|letter| letter.repeat(100_000));
        replace_file(&path, texts[0].clone()).await.unwrap();
        let write = |text: &String| tokio::spawn(replace_file(path.clone(), text.clone()));
        let writes: Vec<_> = texts.iter().cycle().take(9).map(write).collect();
        while writes.iter().any(|write| !write.is_finished()) {
            assert!(texts.contains(&fs::read_to_string(&path).unwrap()));
            tokio::task::yield_now().await;
        }
        for write in writes {
            write.await.unwrap().unwrap();
        }
        assert_eq!(names(&folder), ["file"]);
    }
}
