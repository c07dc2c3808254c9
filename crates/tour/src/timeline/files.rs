//! The files that a drawing goes to. That one cannot be written is said before anything runs.

use crate::failure::Failure;
use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

#[derive(Debug, Default, PartialEq)]
pub struct Files {
    pub html: Option<PathBuf>,
    pub svg: Option<PathBuf>,
    pub json: Option<PathBuf>,
}

impl Files {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Each file, as the user typed it.
    pub fn each(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        [&mut self.html, &mut self.svg, &mut self.json].into_iter().flatten()
    }

    /// The variables that tell the program where to write. Each file can be written now, and is as
    /// it was.
    pub fn checked(self) -> Result<Vec<(&'static str, OsString)>, Failure> {
        let files = [
            ("TIMELINE_HTML", self.html),
            ("TIMELINE_SVG", self.svg),
            ("TIMELINE_JSON", self.json),
        ];
        let mut checked: Vec<(_, OsString)> = Vec::new();
        for (variable, typed) in files {
            let Some(typed) = typed else { continue };
            let refused = |error| wrong(&typed, &error);
            // The program runs in another folder.
            let path = std::path::absolute(&typed).map_err(refused)?;
            try_it(&path).map_err(refused)?;
            if checked.iter().any(|(_, other)| *other == *path) {
                let twice = format!("{} is named twice", typed.display());
                return Err(Failure::wrong(twice).tip("each drawing takes a file of its own"));
            }
            checked.push((variable, path.into()));
        }
        Ok(checked)
    }
}

fn wrong(path: &Path, error: &Error) -> Failure {
    let failure = Failure::path(format!("{} cannot be written", path.display()), error);
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty() && !it.exists());
    match folder {
        Some(folder) => failure.tip(format!("there is no folder {}", folder.display())),
        None => failure,
    }
}

/// Opens a file for writing, and leaves no trace of that.
fn try_it(path: &Path) -> Result<(), Error> {
    match fs::metadata(path) {
        Ok(known) if known.is_dir() => Err(ErrorKind::IsADirectory.into()),
        Ok(known) if known.is_file() => OpenOptions::new().write(true).open(path).map(drop),
        // A pipe or a terminal: to open it may wait for a reader.
        Ok(_) => Ok(()),
        Err(_) => {
            OpenOptions::new().write(true).create_new(true).open(path)?;
            fs::remove_file(path)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    fn html(path: impl Into<PathBuf>) -> Files {
        Files { html: Some(path.into()), ..Files::default() }
    }

    #[test]
    fn a_file_that_can_be_written_stays_as_it_was() {
        let folder = TempDir::new().unwrap();
        let (old, new) = (folder.path().join("old.html"), folder.path().join("new.html"));
        fs::write(&old, "mine").unwrap();
        let variables = html(&old).checked().unwrap();
        assert_eq!(variables, [("TIMELINE_HTML", OsString::from(&old))]);
        assert_eq!(fs::read_to_string(&old).unwrap(), "mine");
        html(&new).checked().unwrap();
        assert!(!new.exists());
    }

    #[test]
    fn a_file_that_cannot_be_written_is_refused_with_the_reason() {
        let folder = TempDir::new().unwrap();
        let said = |path: PathBuf| format!("{:?}", html(path).checked().unwrap_err());
        let folder_itself = said(folder.path().into());
        assert!(folder_itself.contains("code: 2") && folder_itself.contains("directory"));
        let nowhere = said(folder.path().join("a/b.html"));
        assert!(nowhere.contains("there is no folder"), "{nowhere}");
        assert!(nowhere.contains("cannot be written"), "{nowhere}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_file_takes_one_drawing() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("run");
        let files = Files { svg: Some(path.clone()), ..html(path) };
        assert!(format!("{:?}", files.checked().unwrap_err()).contains("named twice"));
    }

    #[test]
    fn a_path_is_that_of_the_folder_where_the_user_stands() {
        let variables = html("run.html").checked().unwrap();
        let here = std::env::current_dir().unwrap().join("run.html");
        assert_eq!(variables, [("TIMELINE_HTML", here.into_os_string())]);
    }
}
