//! Promise: what the documents say of other languages is run, or it is said that it is not.

#![cfg(unix)] // scripts/elsewhere is bash

use crate::support::{WORKSPACE, read};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// What the script needs itself.
const TOOLS: [&str; 5] = ["bash", "dirname", "mktemp", "rm", "sed"];

/// A machine that has none of the languages, but a `python3` that does this.
fn machine(python3: Option<&str>) -> TempDir {
    let path = TempDir::new().unwrap();
    for name in TOOLS {
        let there = std::env::split_paths(&std::env::var_os("PATH").unwrap())
            .map(|folder| folder.join(name))
            .find(|file| file.is_file());
        symlink(there.unwrap(), path.path().join(name)).unwrap();
    }
    if let Some(python3) = python3 {
        let file = path.path().join("python3");
        fs::write(&file, ["#!/usr/bin/env bash\n", python3, "\n"].concat()).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    path
}

fn elsewhere(path: &Path, programs: &[&str]) -> Output {
    let script = Path::new(WORKSPACE).join("scripts/elsewhere");
    Command::new(script).args(programs).env("PATH", path).output().unwrap()
}

fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn programs() -> Vec<String> {
    let folder = Path::new(WORKSPACE).join("crates/sections/runtime-comparison/elsewhere");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let files = entries.filter(|entry| entry.file_type().unwrap().is_file());
    files.map(|entry| entry.file_name().into_string().unwrap()).collect()
}

#[test]
fn what_cannot_run_is_named_with_what_it_lacks_and_does_not_count() {
    let none = machine(None);
    let output = elsewhere(none.path(), &[]);
    let printed = printed(&output);
    for program in programs() {
        let (_, end) = program.rsplit_once('.').unwrap();
        let lacks = match end {
            "go" => "go here (Debian: golang-go)",
            "mjs" => "node here (Debian: nodejs)",
            "py" => "python3 here (Debian: python3)",
            _ => "gcc here (Debian: gcc)",
        };
        let line = format!("!!! SKIPPED: {program}: there is no {lacks}\n");
        assert!(printed.contains(&line), "{line}{printed}");
    }
    assert!(printed.ends_with("\ntest result: ok. 0 passed; 0 failed\n"), "{printed}");
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn a_program_passes_if_it_prints_what_it_says() {
    let right = machine(Some("echo \"twice('two') is 'twotwo'\""));
    let output = elsewhere(right.path(), &["type_hints.py"]);
    let lines =
        "type_hints.py\n    twice('two') is 'twotwo'\ntest result: ok. 1 passed; 0 failed\n";
    assert_eq!((output.status.code(), &*printed(&output)), (Some(0), lines));
}

#[test]
fn a_program_fails_if_it_prints_something_else_or_fails_itself() {
    for (python3, seen) in [
        ("echo \"twice('two') is 4\"", "    twice('two') is 4\n"),
        ("echo \"twice('two') is 'twotwo'\"; exit 1", "    It has failed.\n"),
        ("true", "    \n"),
    ] {
        let wrong = machine(Some(python3));
        let output = elsewhere(wrong.path(), &["type_hints.py"]);
        let printed = printed(&output);
        assert_eq!(output.status.code(), Some(1), "{printed}");
        let says = "  It says that it prints:\n    twice('two') is 'twotwo'\n";
        let end = format!("{seen}{says}test result: ok. 0 passed; 1 failed\n");
        assert!(printed.ends_with(&end), "{printed}");
    }
}

#[test]
fn an_unknown_program_is_refused_and_the_known_ones_are_named() {
    let none = machine(None);
    let output = elsewhere(none.path(), &["type_hints.py", "nothing.py"]);
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!((output.status.code(), &*printed(&output)), (Some(2), ""));
    assert!(said.starts_with("error: there is no program nothing.py, only "), "{said}");
    assert!(programs().iter().all(|program| said.contains(program)), "{said}");
}

#[test]
fn every_program_says_what_it_shows_and_what_it_prints() {
    for program in programs() {
        let path = format!("crates/sections/runtime-comparison/elsewhere/{program}");
        let text = read(Path::new(WORKSPACE).join(path));
        let mut lines = text.lines().map(|line| line.trim_start_matches(['/', '#']));
        assert!(lines.next().unwrap().ends_with('.'), "{program}: its first line is a claim");
        assert!(lines.next().unwrap().starts_with(" Proves "), "{program}");
        assert!(lines.any(|line| line == " Prints:"), "{program}");
        assert!(lines.next().unwrap().starts_with("     "), "{program}: it prints something");
    }
}
