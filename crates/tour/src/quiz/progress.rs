//! Which questions have been answered, and how, from one run to the next.
//!
//! The file has one line for each: `Q1 right` or `Q1 wrong`.

use crate::failure::Failure;
use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

const TIP: &str = "`cargo run -- quiz --reset` starts anew";

#[derive(Debug)]
pub struct Progress {
    /// `None` if the user has no place for it.
    path: Option<PathBuf>,
    /// By the question's id: whether the last answer was right.
    answers: BTreeMap<String, bool>,
}

impl Progress {
    pub fn load() -> Result<Self, Failure> {
        Self::of(path())
    }

    /// For a test that must not touch the files of whoever runs it.
    #[cfg(test)]
    pub fn nowhere() -> Self {
        Self { path: None, answers: BTreeMap::new() }
    }

    /// What cannot be read is not overwritten: there may be something in it.
    fn of(path: Option<PathBuf>) -> Result<Self, Failure> {
        let Some(file) = &path else {
            return Ok(Self { path, answers: BTreeMap::new() });
        };
        let text = match fs::read_to_string(file) {
            Err(error) if is_absence(&error) => String::new(),
            text => text.map_err(|error| Failure::refused(file.display(), &error).tip(TIP))?,
        };
        let line = |(number, line)| {
            answer(line).ok_or_else(|| {
                let what = format!("{}, line {}", file.display(), number + 1);
                let error = io::Error::other(format!("not `Q1 right` or `Q1 wrong`: {line}"));
                Failure::refused(what, &error).tip(TIP)
            })
        };
        let answers = text.lines().enumerate().map(line).collect::<Result<_, _>>()?;
        Ok(Self { path, answers })
    }

    /// `None` if the question has not been answered yet.
    pub fn was_right(&self, id: &str) -> Option<bool> {
        self.answers.get(id).copied()
    }

    /// Keeps the last answer. On an error it is kept until this process ends.
    pub fn record(&mut self, id: &str, right: bool) -> io::Result<()> {
        self.answers.insert(id.to_string(), right);
        let path = self.path.as_ref().ok_or_else(|| io::Error::other("there is no home folder"))?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let line = |(id, right): (&String, &bool)| {
            format!("{id} {}\n", if *right { "right" } else { "wrong" })
        };
        let text: String = self.answers.iter().map(line).collect();
        // In two steps: whoever ends the process in between finds the old file whole.
        let new = path.with_extension("new");
        fs::write(&new, text)?;
        fs::rename(new, path)
    }

    /// Forgets everything, also what cannot be read.
    pub fn reset() -> Result<(), Failure> {
        match path().map(fs::remove_file) {
            Some(Err(error)) if !is_absence(&error) => {
                Err(Failure::refused("the progress stays as it was", &error))
            }
            _ => Ok(()),
        }
    }
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

fn path() -> Option<PathBuf> {
    let folder = state_folder(|name| env::var_os(name), env::home_dir().as_deref())?;
    Some(folder.join("async-rust-tour").join("quiz.txt"))
}

/// `XDG_STATE_HOME` wherever it is set, otherwise the platform's own.
fn state_folder(var: impl Fn(&str) -> Option<OsString>, home: Option<&Path>) -> Option<PathBuf> {
    // The specification has a relative path ignored.
    let absolute = |name| var(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if let Some(folder) = absolute("XDG_STATE_HOME") {
        return Some(folder);
    }
    let home = home.filter(|home| home.is_absolute());
    if cfg!(windows) {
        absolute("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        Some(home?.join("Library/Application Support"))
    } else {
        Some(home?.join(".local/state"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    #[test]
    fn the_last_answer_outlives_the_process() {
        let folder = TempDir::new().unwrap();
        let path = Some(folder.path().join("not/yet/there/quiz.txt"));
        let mut progress = Progress::of(path.clone()).unwrap();
        assert_eq!(progress.was_right("Q1"), None);
        progress.record("Q1", false).unwrap();
        progress.record("lifo", false).unwrap();
        progress.record("Q1", true).unwrap();

        let again = Progress::of(path).unwrap();
        assert_eq!((again.was_right("Q1"), again.was_right("lifo")), (Some(true), Some(false)));
    }

    #[test]
    fn a_damaged_file_is_named_with_its_line_and_stays_as_it_is() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("quiz.txt");
        for (bytes, said) in [
            (&b"Q1 right\nQ2 maybe\n"[..], "line 2: not `Q1 right` or `Q1 wrong`: Q2 maybe"),
            (b"\n", "line 1"),
            (b"Q1 right\n right\n", "line 2"),
            (b"\xff\xfe", "UTF-8"),
        ] {
            fs::write(&path, bytes).unwrap();
            let failure = format!("{:?}", Progress::of(Some(path.clone())).unwrap_err());
            assert!(failure.contains(said), "{failure}");
            assert!(failure.contains("quiz.txt") && failure.contains("--reset"), "{failure}");
            assert_eq!(fs::read(&path).unwrap(), bytes);
        }
    }

    #[test]
    fn what_cannot_be_written_is_an_error_and_still_remembered() {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("file"), "").unwrap();
        for path in [None, Some(folder.path().join("file/quiz.txt"))] {
            let mut progress = Progress { path, answers: BTreeMap::new() };
            progress.record("Q1", true).unwrap_err();
            assert_eq!(progress.was_right("Q1"), Some(true));
        }
    }

    #[cfg(all(unix, not(target_os = "macos")))]
    #[test]
    fn the_state_folder_is_that_of_the_user() {
        let folder = |xdg: Option<&str>, home: Option<&str>| {
            state_folder(|_| xdg.map(OsString::from), home.map(Path::new))
        };
        assert_eq!(folder(Some("/xdg"), Some("/home/a")), Some("/xdg".into()));
        assert_eq!(folder(Some("xdg"), Some("/home/a")), Some("/home/a/.local/state".into()));
        assert_eq!(folder(None, Some("/home/a")), Some("/home/a/.local/state".into()));
        assert_eq!(folder(None, None), None);
    }
}
