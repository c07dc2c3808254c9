//! Packages as people have them, and `copy` into them.

#![allow(dead_code, reason = "each test file uses a part of this")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

pub const MAIN: &str = "fn main() {}\n";

pub fn tour(folder: &Path, words: &[&str]) -> Command {
    let mut tour = Command::new(env!("CARGO_BIN_EXE_tour"));
    tour.arg("copy").args(words).current_dir(folder).env("CARGO_NET_OFFLINE", "true");
    tour
}

pub fn copied(folder: &Path, words: &[&str]) -> String {
    let output = tour(folder, words).output().unwrap();
    assert!(output.status.success(), "{words:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// A package in the folder `app`.
pub fn app(package: &str, dependencies: &str, files: &[(&str, &str)]) -> TempDir {
    let home = TempDir::new().unwrap();
    let manifest =
        format!("[package]\nname = \"my-app\"\nversion = \"0.1.0\"\n{package}{dependencies}");
    put(home.path(), &[("app/Cargo.toml", &manifest)]);
    put(&home.path().join("app"), files);
    home
}

pub fn put(folder: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

pub fn read(home: &TempDir, path: &str) -> String {
    fs::read_to_string(home.path().join("app").join(path)).unwrap()
}

/// Every file below `folder`.
pub fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(contents(&path)),
            false => drop(found.insert(path.clone(), fs::read(path).unwrap())),
        }
    }
    found
}

pub fn refused(home: &TempDir, words: &[&str]) -> String {
    let before = contents(home.path());
    let output = tour(home.path(), words).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout), (Some(2), vec![]), "{words:?}: {stderr}");
    assert_eq!(contents(home.path()), before, "{words:?}");
    stderr
}
