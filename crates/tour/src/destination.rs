//! Where a copied package goes: nowhere it would overwrite anything or be claimed by a workspace.

use crate::enclosing::enclosing_workspace;
use crate::failure::Failure;
use crate::staging::Staging;
use crate::visible::shown;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// A place for a package. The paths are absolute, and what holds the place exists.
#[derive(Debug)]
pub enum Destination {
    Empty(PathBuf),
    Missing { parent: PathBuf, path: PathBuf },
}

impl Destination {
    /// Looks, and touches nothing. `ours` is the workspace the snippets come from.
    pub fn at(path: &Path, ours: &Path) -> Result<Self, Failure> {
        let found = match dunce::canonicalize(path) {
            Ok(folder) => Self::empty(path, folder)?,
            Err(error) if is_missing(&error) => Self::missing(path)?,
            Err(error) => return Err(Failure::path(shown(path), &error)),
        };
        let Some(root) = enclosing_workspace(found.path(), ours) else {
            return Ok(found);
        };
        let (path, root) = (shown(path), shown(root));
        let message = format!("{path} is inside the Cargo workspace {root}, which would claim it");
        Err(Failure::wrong(message).tip("choose a folder outside of it"))
    }

    fn empty(path: &Path, folder: PathBuf) -> Result<Self, Failure> {
        if !folder.is_dir() {
            return Err(wrong(path, "exists and is not a folder"));
        }
        match fs::read_dir(&folder).map(|mut entries| entries.next().is_none()) {
            Ok(true) => Ok(Self::Empty(folder)),
            Ok(false) => Err(wrong(path, "exists and is not empty")),
            Err(error) => Err(Failure::refused(shown(path), &error)),
        }
    }

    fn missing(path: &Path) -> Result<Self, Failure> {
        // `a/..` has no name of its own, and is missing because `a` is.
        let Some(name) = path.file_name() else {
            return Err(no_folder(path));
        };
        if name.to_str().is_some_and(|name| name.trim().is_empty()) {
            return Err(Failure::wrong(format!("\"{}\" is a blank name", shown(name))));
        }
        let Some(parent) = dunce::canonicalize(above(path)).ok().filter(|parent| parent.is_dir())
        else {
            return Err(no_folder(above(path)));
        };
        let here = parent.join(name);
        match fs::symlink_metadata(&here) {
            Ok(there) if there.is_symlink() => Err(wrong(path, "is a link that leads nowhere")),
            // `file/`
            Ok(_) => Err(wrong(path, "exists and is not a folder")),
            Err(_) => Ok(Self::Missing { parent, path: here }),
        }
    }

    fn path(&self) -> &Path {
        match self {
            Self::Empty(path) | Self::Missing { path, .. } => path,
        }
    }

    /// The folder's own name, whichever way the user has named it.
    pub fn name(&self) -> String {
        let name = self.path().file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// Puts a package there, whole or not at all: it is written beside, then moved. Each file is a
    /// path, `Cargo.toml` or in a folder, and a text.
    pub fn fill(&self, files: &[(&str, &str)]) -> Result<(), Failure> {
        let (Self::Empty(beside) | Self::Missing { parent: beside, .. }) = self;
        let takes_nothing = |error| {
            Failure::refused(format!("no package can be written in {}", shown(beside)), &error)
        };
        let staging = Staging::in_folder(beside).map_err(takes_nothing)?;
        let written = files.iter().try_for_each(|(path, text)| {
            let file = staging.folder.join(path);
            fs::create_dir_all(above(&file)).and_then(|()| fs::write(&file, text))
        });
        written.map_err(takes_nothing)?;
        let refused =
            |error| Failure::refused(format!("no package in {}", shown(self.path())), &error);
        self.move_in(&staging).map_err(refused)
    }

    fn move_in(&self, staging: &Staging) -> io::Result<()> {
        let inner = |name: &str| staging.folder.join(name);
        match self {
            // Fails if anything but an empty folder has come to be there since.
            Self::Missing { path, .. } => fs::rename(&staging.folder, path),
            // To replace the folder would pull it from under a shell that stands in it.
            Self::Empty(folder) => {
                let mut ours = vec!["src", ".cargo"];
                ours.retain(|name| inner(name).exists());
                let manifest = folder.join("Cargo.toml");
                let moved = ours
                    .iter()
                    .try_for_each(|name| fs::rename(inner(name), folder.join(name)))
                    // A rename would replace what has come to be there since; this fails.
                    .and_then(|()| File::create_new(&manifest).map(drop))
                    .and_then(|()| fs::rename(inner("Cargo.toml"), &manifest));
                moved.inspect_err(|_| {
                    // What has not been moved is not ours there.
                    for name in ours.iter().filter(|name| !inner(name).exists()) {
                        // The error that led here is the one to report.
                        let _ = fs::remove_dir_all(folder.join(name));
                    }
                })
            }
        }
    }
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// The parent of a bare name is here.
fn above(path: &Path) -> &Path {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new("."))
}

fn wrong(path: &Path, what: &str) -> Failure {
    Failure::wrong(format!("{} {what}", shown(path)))
}

/// Folders on the way are not created: one that is missing is mistyped more often than meant.
fn no_folder(path: &Path) -> Failure {
    // The last of the ancestors of a relative path is empty: it is here, and that is a folder.
    let is_here = |folder: &&Path| folder.as_os_str().is_empty() || folder.is_dir();
    let first = path.ancestors().take_while(|folder| !is_here(folder)).last().unwrap_or(path);
    let failure = wrong(first, "is not a folder");
    if fs::symlink_metadata(first).is_ok() {
        return failure;
    }
    let entries = fs::read_dir(above(first)).into_iter().flatten().flatten();
    let folders = entries.filter(|entry| entry.path().is_dir());
    let names: Vec<_> =
        folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    let word = first.file_name().unwrap_or_default().to_string_lossy();
    failure.did_you_mean(&word, names.iter().map(String::as_str), "create it first")
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    /// The paths below `folder`, sorted, with `/` between folders on each platform.
    fn tree(folder: &Path) -> Vec<String> {
        let mut paths = Vec::new();
        let mut folders = vec![folder.to_path_buf()];
        while let Some(next) = folders.pop() {
            for entry in fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                paths.push(path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/"));
                if path.is_dir() {
                    folders.push(path);
                }
            }
        }
        paths.sort();
        paths
    }

    const FILES: [(&str, &str); 3] =
        [("Cargo.toml", "manifest"), ("src/main.rs", "main"), (".cargo/config.toml", "config")];

    fn at(path: &Path) -> Destination {
        Destination::at(path, Path::new("/nowhere")).unwrap()
    }

    #[test]
    fn a_missing_folder_is_made_whole() {
        let home = TempDir::new().unwrap();
        at(&home.path().join("app")).fill(&FILES[..2]).unwrap();
        assert_eq!(tree(home.path()), ["app", "app/Cargo.toml", "app/src", "app/src/main.rs"]);
        assert_eq!(fs::read_to_string(home.path().join("app/Cargo.toml")).unwrap(), "manifest");
        assert_eq!(fs::read_to_string(home.path().join("app/src/main.rs")).unwrap(), "main");
    }

    #[cfg(unix)] // compares the numbers of files
    #[test]
    fn an_empty_folder_is_filled_and_stays_the_same_folder() {
        use std::os::unix::fs::MetadataExt;
        let home = TempDir::new().unwrap();
        let number = || fs::metadata(home.path()).unwrap().ino();
        let before = number();
        at(home.path()).fill(&FILES).unwrap();
        let files = [".cargo", ".cargo/config.toml", "Cargo.toml", "src", "src/main.rs"];
        assert_eq!(tree(home.path()), files);
        assert_eq!(number(), before);
    }

    #[test]
    fn a_failure_in_the_middle_leaves_nothing_behind() {
        let home = TempDir::new().unwrap();
        let app = home.path().join("app");
        let missing = at(&app);
        fs::create_dir(&app).unwrap();
        let empty = at(&app);

        // Someone else is faster, and their file stays theirs.
        fs::write(app.join("Cargo.toml"), "theirs").unwrap();
        missing.fill(&FILES).unwrap_err();
        assert_eq!(tree(home.path()), ["app", "app/Cargo.toml"]);
        empty.fill(&FILES).unwrap_err();
        assert_eq!(tree(home.path()), ["app", "app/Cargo.toml"]);
        assert_eq!(fs::read_to_string(app.join("Cargo.toml")).unwrap(), "theirs");
    }

    #[test]
    fn a_mistyped_parent_is_not_created() {
        let home = TempDir::new().unwrap();
        fs::create_dir(home.path().join("projects")).unwrap();
        let refused = |path: &str| {
            let failure = Destination::at(&home.path().join(path), Path::new("/nowhere"));
            format!("{:?}", failure.unwrap_err())
        };
        assert!(refused("proyects/app").contains("did you mean projects?"));
        assert!(refused("proyects/deep/app").contains("did you mean projects?"));
        assert_eq!(tree(home.path()), ["projects"]);
    }
}
