//! Which questions have been answered, and how, from one run to the next.

use super::store::{self, Answers};
use crate::failure::Failure;
use etcetera::BaseStrategy;
use std::env;
use std::path::PathBuf;

const TIP: &str = "`cargo run -- quiz --reset` starts anew";

#[derive(Debug)]
pub struct Progress {
    /// `None` if the user has no place for it.
    path: Option<PathBuf>,
    /// All that are known.
    answers: Answers,
    /// Those of this process that are in no file yet.
    unsaved: Answers,
}

impl Progress {
    pub fn load() -> Result<Self, Failure> {
        Self::of(path())
    }

    /// For a test that must not touch the files of whoever runs it.
    #[cfg(test)]
    pub fn nowhere() -> Self {
        Self::of(None).unwrap()
    }

    pub fn of(path: Option<PathBuf>) -> Result<Self, Failure> {
        let answers = path.as_deref().map(store::read).transpose();
        let answers = answers.map_err(|error| Failure::unable(error).tip(TIP))?.unwrap_or_default();
        Ok(Self { path, answers, unsaved: Answers::new() })
    }

    /// `None` if the question has not been answered yet.
    pub fn was_right(&self, id: &str) -> Option<bool> {
        self.answers.get(id).copied()
    }

    /// Keeps the last answer. On an error it is kept until this process ends; the error says what
    /// file is in the way, and why.
    pub fn record(&mut self, id: &str, right: bool) -> Result<(), String> {
        self.answers.insert(id.to_string(), right);
        self.unsaved.insert(id.to_string(), right);
        let path = self.path.as_ref().ok_or(
            "there is no home folder; XDG_STATE_HOME may name another one, by its whole path",
        )?;
        self.answers = store::add(path, &self.unsaved)?;
        self.unsaved.clear();
        Ok(())
    }

    /// Forgets everything, also what cannot be read.
    pub fn reset() -> Result<(), Failure> {
        let removed = path().map_or(Ok(()), |path| store::remove(&path));
        removed.map_err(|error| Failure::unable(format!("your answers are not forgotten: {error}")))
    }
}

fn path() -> Option<PathBuf> {
    Some(state_folder()?.join("async-rust-tour").join("quiz.txt"))
}

/// `XDG_STATE_HOME` wherever it is set, otherwise the platform's own.
fn state_folder() -> Option<PathBuf> {
    // The specification has a relative path ignored.
    let named = env::var_os("XDG_STATE_HOME").map(PathBuf::from).filter(|it| it.is_absolute());
    named.or_else(|| {
        let own = etcetera::base_strategy::choose_native_strategy().ok()?;
        // Windows and macOS have none for a state. This is `AppData\Local`, not what roams.
        let other = || if cfg!(windows) { own.cache_dir() } else { own.data_dir() };
        own.state_dir().or_else(|| Some(other())).filter(|folder| folder.is_absolute())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
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
    fn a_damaged_file_comes_with_a_way_out() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("quiz.txt");
        fs::write(&path, "nonsense\n").unwrap();
        let failure = format!("{:?}", Progress::of(Some(path)).unwrap_err());
        assert!(failure.contains("quiz.txt") && failure.contains("--reset"), "{failure}");
    }

    #[test]
    fn two_quizzes_at_once_keep_the_answers_of_both() {
        let folder = TempDir::new().unwrap();
        let path = Some(folder.path().join("quiz.txt"));
        let load = || Progress::of(path.clone()).unwrap();
        let (mut first, mut second) = (load(), load());
        first.record("Q1", true).unwrap();
        second.record("Q2", true).unwrap();
        assert_eq!(second.was_right("Q1"), Some(true));
        first.record("Q3", false).unwrap();
        let answers = ["Q1", "Q2", "Q3"].map(|id| load().was_right(id));
        assert_eq!(answers, [Some(true), Some(true), Some(false)]);
    }

    #[test]
    fn what_cannot_be_written_is_an_error_that_says_where_and_is_written_with_the_next() {
        let folder = TempDir::new().unwrap();
        let (file, path) = (folder.path().join("file"), folder.path().join("file/quiz.txt"));
        fs::write(&file, "").unwrap();
        let mut progress = Progress::of(Some(path.clone())).unwrap();
        let error = progress.record("Q1", true).unwrap_err();
        assert!(error.starts_with(&format!("{}: ", path.display())), "{error}");
        assert_eq!(progress.was_right("Q1"), Some(true));

        fs::remove_file(file).unwrap();
        progress.record("Q2", true).unwrap();
        let again = Progress::of(Some(path)).unwrap();
        assert_eq!([again.was_right("Q1"), again.was_right("Q2")], [Some(true); 2]);
    }

    #[test]
    fn without_a_home_the_error_says_what_helps() {
        let mut progress = Progress::nowhere();
        let error = progress.record("Q1", true).unwrap_err();
        assert!(error.contains("XDG_STATE_HOME"), "{error}");
        assert_eq!(progress.was_right("Q1"), Some(true));
    }
}
