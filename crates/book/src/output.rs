//! The folder that the site goes to.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use tour::failure::Failure;
use tour::visible::shown;

/// A file with this name says that the folder was written by this program.
const MARK: &str = ".async-rust-book";

/// A folder that may be replaced: it is new, empty or of an earlier run.
pub struct Output(PathBuf);

impl Output {
    /// Looks, and changes nothing.
    pub fn at(folder: &Path) -> Result<Self, Failure> {
        let name = shown(folder);
        if name.is_empty() {
            return Err(Failure::wrong("the folder has no name"));
        }
        match fs::read_dir(folder).map(|mut entries| entries.next().is_none()) {
            Ok(empty) if empty || folder.join(MARK).is_file() => {}
            Ok(_) => {
                return Err(Failure::wrong(format!("{name} has other things in it"))
                    .tip("name a new or an empty folder, or one that this program wrote"));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
                return Err(Failure::wrong(format!("{name} is a file")).tip("name a folder"));
            }
            Err(error) => return Err(Failure::refused(name, &error)),
        }
        Ok(Self(folder.to_path_buf()))
    }

    /// Puts the site there. The old one goes only when the new one is there, whole.
    pub fn fill(self, site: &Path) -> Result<(), Failure> {
        // The error may name a temporary folder, which says nothing to the user.
        let refused = |error: io::Error| {
            let why = io::Error::from(error.kind());
            Failure::path(format!("{} cannot be written", shown(&self.0)), &why)
        };
        let beside = self.0.parent().filter(|parent| !parent.as_os_str().is_empty());
        let beside = beside.unwrap_or(Path::new("."));
        fs::create_dir_all(beside).map_err(refused)?;
        let new = tempfile::TempDir::new_in(beside).map_err(refused)?;
        copy(site, new.path()).map_err(refused)?;
        fs::write(new.path().join(MARK), "").map_err(refused)?;
        readable_by_all(new.path()).map_err(refused)?;
        let old = tempfile::TempDir::new_in(beside).map_err(refused)?;
        let there = self.0.exists();
        if there {
            fs::rename(&self.0, old.path().join("old")).map_err(refused)?;
        }
        fs::rename(new.path(), &self.0).map_err(|error| {
            if there {
                // The error that led here is the one to report.
                let _ = fs::rename(old.path().join("old"), &self.0);
            }
            refused(error)
        })
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir(&place)?;
            copy(&entry.path(), &place)?;
        } else {
            fs::copy(entry.path(), place)?;
        }
    }
    Ok(())
}

/// A temporary folder belongs to its user alone. A site does not.
#[cfg(unix)]
fn readable_by_all(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn readable_by_all(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    fn site() -> TempDir {
        let site = TempDir::new().unwrap();
        fs::create_dir(site.path().join("guide")).unwrap();
        fs::write(site.path().join("guide/4.html"), "new").unwrap();
        site
    }

    #[test]
    fn a_new_folder_an_empty_one_and_an_earlier_site_are_filled() {
        let home = TempDir::new().unwrap();
        let (new, empty) = (home.path().join("a/b"), home.path().join("c"));
        fs::create_dir(&empty).unwrap();
        for folder in [&new, &empty, &new] {
            Output::at(folder).unwrap().fill(site().path()).unwrap();
            assert_eq!(fs::read_to_string(folder.join("guide/4.html")).unwrap(), "new");
            fs::write(folder.join("stale.html"), "").unwrap();
        }
        Output::at(&new).unwrap().fill(site().path()).unwrap();
        assert!(!new.join("stale.html").exists());
        assert_eq!(fs::read_dir(home.path().join("a")).unwrap().count(), 1, "nothing is left over");
    }

    #[test]
    fn a_file_and_a_folder_with_other_things_are_refused_and_stay() {
        let home = TempDir::new().unwrap();
        fs::write(home.path().join("mine"), "mine").unwrap();
        for (folder, why) in [
            (home.path().join("mine"), "is a file"),
            (home.path().to_path_buf(), "other things"),
            ("".into(), "no name"),
        ] {
            let refused = format!("{:?}", Output::at(&folder).err().unwrap());
            assert!(refused.contains(why) && refused.contains("code: 2"), "{refused}");
        }
        assert_eq!(fs::read_to_string(home.path().join("mine")).unwrap(), "mine");
    }

    #[test]
    fn if_the_site_cannot_be_read_the_old_one_stays() {
        let home = TempDir::new().unwrap();
        let folder = home.path().join("book");
        Output::at(&folder).unwrap().fill(site().path()).unwrap();
        Output::at(&folder).unwrap().fill(&home.path().join("none")).unwrap_err();
        assert_eq!(fs::read_to_string(folder.join("guide/4.html")).unwrap(), "new");
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1, "nothing is left over");
    }
}
