//! The file of the answers: one line for each, `Q1 right` or `Q1 wrong`.
//!
//! Two quizzes may run at once. Each adds its answers to what the other has written, under a lock.

use crate::visible::shown;
use fs4::TryLockError;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

/// By the question's id: whether the last answer was right.
pub type Answers = BTreeMap<String, bool>;

/// Nobody holds the lock longer than it takes to write a page: who does has been stopped.
const TRIES: u32 = 250;
const BETWEEN_TRIES: Duration = Duration::from_millis(20);

/// The answers in `file`, none if it is not there. The error names it.
pub fn read(file: &Path) -> Result<Answers, String> {
    let text = match fs::read_to_string(file) {
        Err(error) if is_absence(&error) => String::new(),
        text => text.map_err(|error| format!("{}: {error}", shown(file)))?,
    };
    let line = |(number, line)| {
        answer(line).ok_or_else(|| {
            let file = shown(file);
            format!("{file}, line {}: not `Q1 right` or `Q1 wrong`: {line}", number + 1)
        })
    };
    text.lines().enumerate().map(line).collect()
}

/// Adds `new` to the answers in `file` and returns them all. The error names the file.
///
/// On an error the file is as it was. What cannot be read is not overwritten: there may be
/// something in it.
pub fn add(file: &Path, new: &Answers) -> Result<Answers, String> {
    let named = |error: io::Error| format!("{}: {error}", shown(file));
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(named)?;
    }
    let _lock = locked(file, TRIES).map_err(named)?;
    let mut answers = read(file)?;
    answers.extend(new.clone());
    replace(file, &answers).map_err(named)?;
    Ok(answers)
}

/// Removes `file`, also one that cannot be read.
pub fn remove(file: &Path) -> Result<(), String> {
    let removed = locked(file, TRIES).and_then(|_lock| fs::remove_file(file));
    match removed {
        Err(error) if !is_absence(&error) => Err(format!("{}: {error}", shown(file))),
        _ => Ok(()),
    }
}

/// Waits for its turn. The lock ends with the file that is returned.
///
/// It is a file of its own, which stays: each new `file` replaces the one before.
fn locked(file: &Path, tries: u32) -> io::Result<File> {
    let lock = File::options().create(true).append(true).open(file.with_extension("lock"))?;
    for _ in 0..tries {
        // Of the same name as std's, which Rust 1.88 has not yet.
        match fs4::FileExt::try_lock(&lock) {
            // A file system without locks has to do without: nothing else is lost by that.
            Ok(()) => return Ok(lock),
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => {
                return Ok(lock);
            }
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) => thread::sleep(BETWEEN_TRIES),
        }
    }
    Err(io::Error::new(ErrorKind::WouldBlock, "another quiz holds its lock"))
}

/// A reader finds the old file or the new one, whole, even if this process is killed in between.
fn replace(file: &Path, answers: &Answers) -> io::Result<()> {
    let line = |(id, right): (&String, &bool)| {
        format!("{id} {}\n", if *right { "right" } else { "wrong" })
    };
    let text: String = answers.iter().map(line).collect();
    // The user may keep the file elsewhere, with a link here.
    let file = fs::canonicalize(file).unwrap_or_else(|_| file.to_path_buf());
    let new = file.with_extension("new");
    written(&new, &text).and_then(|()| fs::rename(&new, &file)).inspect_err(|_| {
        // The error that led here is the one to report.
        let _ = fs::remove_file(&new);
    })
}

fn written(file: &PathBuf, text: &str) -> io::Result<()> {
    let mut file = File::create(file)?;
    file.write_all(text.as_bytes())?;
    // Some file systems find out only now that they are full.
    file.sync_all()
}

/// There is no such file, or there can be none: a file stands where its folder would be.
fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn answer(line: &str) -> Option<(String, bool)> {
    match line.split_once(' ')? {
        (id, "right") if !id.is_empty() => Some((id.to_string(), true)),
        (id, "wrong") if !id.is_empty() => Some((id.to_string(), false)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    fn one(id: &str, right: bool) -> Answers {
        Answers::from([(id.to_string(), right)])
    }

    #[test]
    fn a_damaged_file_is_named_with_its_line_and_stays_as_it_is() {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("quiz.txt");
        for (bytes, said) in [
            (&b"Q1 right\nQ2 maybe\n"[..], "line 2: not `Q1 right` or `Q1 wrong`: Q2 maybe"),
            (b"\n", "line 1"),
            (b"Q1 right\n right\n", "line 2"),
            (b"\xff\xfe", "UTF-8"),
        ] {
            fs::write(&file, bytes).unwrap();
            for failed in [read(&file), add(&file, &one("Q1", true))] {
                let error = failed.unwrap_err();
                assert!(error.contains(said) && error.contains("quiz.txt"), "{error}");
                assert_eq!(fs::read(&file).unwrap(), bytes);
            }
        }
    }

    #[test]
    fn what_many_write_at_once_is_all_there() {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("not/yet/there/quiz.txt");
        thread::scope(|scope| {
            for writer in 0..8 {
                let file = &file;
                scope.spawn(move || {
                    for number in 0..10 {
                        let answers = add(file, &one(&format!("{writer}-{number}"), true)).unwrap();
                        assert!(answers.len() > number, "{answers:?}");
                    }
                });
            }
        });
        assert_eq!(read(&file).unwrap().len(), 80);
        let names = fs::read_dir(file.parent().unwrap()).unwrap();
        let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["quiz.lock", "quiz.txt"]);
    }

    #[test]
    fn a_lock_that_is_never_given_back_is_an_error() {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("quiz.txt");
        let held = locked(&file, 1).unwrap();
        assert_eq!(locked(&file, 1).unwrap_err().kind(), ErrorKind::WouldBlock);
        drop(held);
        locked(&file, 1).unwrap();
    }

    #[cfg(unix)] // makes a symbolic link
    #[test]
    fn a_link_stays_one_and_its_file_gets_the_answers() {
        let folder = TempDir::new().unwrap();
        let (file, link) = (folder.path().join("mine"), folder.path().join("quiz.txt"));
        fs::write(&file, "Q1 right\n").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        add(&link, &one("Q2", false)).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "Q1 right\nQ2 wrong\n");
    }

    #[test]
    fn what_is_removed_may_be_gone_already() {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("quiz.txt");
        remove(&file).unwrap();
        add(&file, &one("Q1", true)).unwrap();
        remove(&file).unwrap();
        assert!(!file.exists());
        remove(&folder.path().join("nowhere/quiz.txt")).unwrap();
        fs::create_dir(&file).unwrap();
        let error = remove(&file).unwrap_err();
        assert!(error.starts_with(&shown(&file)), "{error}");
    }
}
