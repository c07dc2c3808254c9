//! `copy` into every shape of path: it names what is in the way, and touches nothing.

#![cfg(unix)] // makes links, and names that are no text

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// `copy try_join DESTINATION`, by somebody who is in `folder`.
fn copy(folder: &Path, destination: impl AsRef<std::ffi::OsStr>) -> Output {
    let mut tour = Command::new(env!("CARGO_BIN_EXE_tour"));
    tour.args(["copy", "try_join", "--"]).arg(destination).current_dir(folder);
    tour.output().unwrap()
}

/// What is in `folder`, without what is in its folders.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir_all(path("projects/mine")).unwrap();
    fs::create_dir(path("empty")).unwrap();
    fs::write(path("file"), "mine").unwrap();
    fs::write(path("projects/mine/Cargo.toml"), "[package]\nname = \"mine\"\n").unwrap();
    symlink("nowhere", path("broken")).unwrap();
    symlink("loop", path("loop")).unwrap();
    symlink("empty", path("link")).unwrap();
    folder
}

#[test]
fn what_is_in_the_way_is_named_as_it_was_typed() {
    let folder = folder();
    let before = names(folder.path());
    for (destination, said) in [
        ("proyects/app", "proyects is not a folder\n\n  tip: did you mean projects?\n"),
        ("proyects/deep/app", "proyects is not a folder\n\n  tip: did you mean projects?\n"),
        ("./proyects/app", "./proyects is not a folder\n\n  tip: did you mean projects?\n"),
        ("proyects/app/", "proyects is not a folder\n\n  tip: did you mean projects?\n"),
        ("projects/mien/app", "projects/mien is not a folder\n\n  tip: did you mean mine?\n"),
        ("いない/app", "いない is not a folder\n\n  tip: create it first\n"),
        ("no such/app", "no such is not a folder\n\n  tip: create it first\n"),
        ("nowhere/..", "nowhere is not a folder\n\n  tip: create it first\n"),
        ("nowhere/../app", "nowhere is not a folder\n\n  tip: create it first\n"),
        ("file/app", "file is not a folder\n"),
        ("file/deep/app", "file is not a folder\n"),
        ("file/..", "file is not a folder\n"),
        ("file", "file exists and is not a folder\n"),
        ("file/", "file/ exists and is not a folder\n"),
        ("broken", "broken is a link that leads nowhere\n"),
        ("broken/app", "broken is not a folder\n"),
        (".", ". exists and is not empty\n"),
        ("..", ".. exists and is not empty\n"),
        ("/", "/ exists and is not empty\n"),
        ("empty/..", "empty/.. exists and is not empty\n"),
        ("projects/mine", "projects/mine exists and is not empty\n"),
        (" ", "\" \" is a blank name\n"),
        ("empty/　", "\"　\" is a blank name\n"),
    ] {
        let output = copy(folder.path(), destination);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(stderr, format!("error: {said}"), "{destination:?}");
        assert_eq!((output.status.code(), output.stdout), (Some(2), vec![]), "{destination:?}");
    }
    assert_eq!(names(folder.path()), before);
    assert_eq!(names(&folder.path().join("empty")), [""; 0]);
}

#[test]
fn every_shape_of_a_path_that_can_be_filled_is() {
    for (destination, made, package) in [
        ("app", "app", "app"),
        ("app/", "app", "app"),
        ("./app/.", "app", "app"),
        ("projects/../app", "app", "app"),
        ("projects/mine/app", "projects/mine/app", "app"),
        ("empty", "empty", "empty"),
        ("empty/", "empty", "empty"),
        ("link", "empty", "empty"),
        ("link/app", "empty/app", "app"),
        ("my app", "my app", "my-app"),
        ("試す", "試す", "app"),
        ("試す　２", "試す　２", "app"),
        ("-app", "-app", "app"),
        ("a\\b", "a\\b", "a-b"),
        ("a'b\\c\"d", "a'b\\c\"d", "a-b-c-d"),
    ] {
        let folder = folder();
        let output = copy(folder.path(), destination);
        assert!(output.status.success(), "{destination:?}: {output:?}");
        let made = folder.path().join(made);
        assert_eq!(names(&made), ["Cargo.toml", "src"], "{destination:?}");
        let manifest = fs::read_to_string(made.join("Cargo.toml")).unwrap();
        assert!(manifest.contains(&format!("name = \"{package}\"\n")), "{manifest}");
        leads_to(folder.path(), &output, &made);
    }
}

/// The names of a folder may have anything in them. A terminal gets none of it.
#[test]
fn a_name_that_no_terminal_should_see_is_escaped_and_can_be_typed() {
    for name in [&b"\x1b[31mred\x1b[0m"[..], b"a\xffb", b"two\nlines", "\u{202e}x".as_bytes()] {
        let folder = folder();
        let name = std::ffi::OsStr::from_bytes(name);
        let output = copy(folder.path(), name);
        assert!(output.status.success(), "{output:?}");
        let made = folder.path().join(name);
        assert_eq!(names(&made), ["Cargo.toml", "src"]);
        leads_to(folder.path(), &output, &made);

        let second = copy(folder.path(), name);
        assert_eq!(second.status.code(), Some(2), "{second:?}");
        for text in [output.stdout, second.stderr] {
            let text = String::from_utf8(text).unwrap();
            let bad =
                |letter: char| letter != '\n' && (letter.is_control() || letter == '\u{202e}');
            assert!(!text.contains(bad), "{text:?}");
        }
    }
}

/// The last line but one, typed in bash, leads into the package.
fn leads_to(from: &Path, output: &Output, package: &Path) {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    let line = text.strip_suffix("\ncargo run\n").unwrap().lines().last().unwrap();
    let script = format!("{line} && pwd -P && printf .");
    let shell = Command::new("bash").args(["-c", &script]).current_dir(from).output().unwrap();
    let there = fs::canonicalize(package).unwrap();
    let expected = [there.as_os_str().as_bytes(), b"\n."].concat();
    assert_eq!(shell.stdout, expected, "{line}: {shell:?}");
}

#[test]
fn a_loop_of_links_and_a_name_that_is_too_long_are_said_to_be_that() {
    let folder = folder();
    let long = "あ".repeat(100);
    for (destination, said, code) in [("loop", "loop: ", 1), (&long, &*format!("{long}: "), 2)] {
        let output = copy(folder.path(), destination);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.starts_with(&format!("error: {said}")), "{stderr}");
        assert_eq!((output.status.code(), output.stdout), (Some(code), vec![]), "{stderr}");
    }
}

/// Nobody, whatever their rights, makes a folder in /proc.
#[cfg(target_os = "linux")] // of /proc
#[test]
fn a_folder_that_takes_nothing_is_named() {
    let output = copy(Path::new("/"), "proc/app");
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.starts_with("error: no package can be written in /proc: "), "{stderr}");
    assert_eq!((output.status.code(), output.stdout), (Some(1), vec![]));
}
