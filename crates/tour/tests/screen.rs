//! The tour on a terminal: a screen at a time, and what one waits for.

#![cfg(unix)] // a terminal is a pair of files there

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use tempfile::TempDir;
use tour::data::documents;

fn tour(words: &[&str]) -> Command {
    let mut tour = Command::new(env!("CARGO_BIN_EXE_tour"));
    tour.args(words)
        .env("TOUR_LANG", "en")
        .env_remove("CI")
        .env_remove("LESS")
        .env_remove("NO_COLOR");
    tour
}

/// What stands on a terminal of 24 lines and 80 columns when `command` has ended.
fn on_a_terminal(mut command: Command) -> (String, ExitStatus) {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let size = Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&terminal, size).unwrap();
    let path = ptsname(&terminal, Vec::new()).unwrap().into_string().unwrap();
    let end = || Stdio::from(File::options().read(true).write(true).open(&path).unwrap());
    let child = command.env("TERM", "xterm").stdin(end()).stdout(end()).stderr(end()).spawn();
    let mut child = child.unwrap();
    // It holds the other ends of the terminal: reading would not stop.
    drop(command);
    let mut terminal = File::from(terminal);
    let reader = thread::spawn(move || {
        let (mut text, mut part) = (Vec::new(), [0; 4096]);
        // Its last end closed, Linux says so with an error.
        while let Ok(count @ 1..) = terminal.read(&mut part) {
            text.extend(&part[..count]);
        }
        String::from_utf8(text).unwrap().replace("\r\n", "\n")
    });
    let status = child.wait().unwrap();
    (reader.join().unwrap(), status)
}

/// A program that says what it was given, before what it got.
fn fake(folder: &Path, name: &str, then: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\necho \"[{name} $*]\"\n{then}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[test]
fn what_is_longer_than_the_screen_goes_through_the_pager_with_its_colours() {
    let folder = TempDir::new().unwrap();
    let pager = fake(folder.path(), "pager", "echo $LESS; cat");
    for (words, is_long) in [
        (&["map", "4"][..], true),
        (&["map", "guide"], true),
        (&["statements", "--section", "4"], true),
        (&["statements", "guide"], true),
        (&["cheatsheet"], true),
        (&["map", "guide", "4.1"], false),
        (&["statements", "--id", "G-4.1-1"], false),
        // Two screens, which nobody wants to leave by a key.
        (&[], false),
        (&["statements"], false),
        (&["find", "deadlock"], false),
    ] {
        let mut tour = tour(words);
        tour.env("PAGER", format!("{} -x", pager.display()));
        let (text, status) = on_a_terminal(tour);
        assert!(status.success(), "{words:?}: {text}");
        assert_eq!(text.starts_with("[pager -x]\nFRX\n"), is_long, "{words:?}: {text}");
        assert!(text.contains("\x1b["), "{words:?}: a terminal has colours");
    }
}

#[test]
fn without_colours_there_is_still_a_pager_and_no_escape() {
    let folder = TempDir::new().unwrap();
    let pager = fake(folder.path(), "pager", "cat");
    let mut tour = tour(&["map", "4"]);
    tour.env("PAGER", &pager).env("NO_COLOR", "1");
    let (text, status) = on_a_terminal(tour);
    assert!(status.success(), "{text}");
    assert!(text.starts_with("[pager ]\n") && text.contains("4.1"), "{text}");
    assert!(!text.contains('\x1b'), "{text:?}");
}

#[test]
fn there_is_no_pager_in_a_pipe_in_ci_or_where_it_is_not_wanted() {
    let folder = TempDir::new().unwrap();
    let pager = fake(folder.path(), "pager", "cat");
    let words = ["map", "4"];
    let mut piped = tour(&words);
    let piped = piped.env("PAGER", &pager).output().unwrap();
    let piped = String::from_utf8(piped.stdout).unwrap();
    assert!(!piped.contains("[pager") && !piped.contains('\x1b'), "{piped}");
    for (variable, value) in
        [("CI", "true"), ("PAGER", "cat"), ("PAGER", ""), ("PAGER", "/nowhere/x")]
    {
        let mut tour = tour(&words);
        tour.env("PAGER", &pager).env(variable, value).env("NO_COLOR", "1");
        let (text, status) = on_a_terminal(tour);
        assert!(status.success(), "{variable}={value}: {text}");
        assert_eq!(text, piped, "{variable}={value}");
    }
}

/// A pager that is left before the end, and one that fails.
#[test]
fn whoever_leaves_the_pager_has_seen_enough() {
    let folder = TempDir::new().unwrap();
    for then in ["head -n 1; exit 0", "exec <&-; exit 3"] {
        let pager = fake(folder.path(), "pager", then);
        let mut tour = tour(&["statements", "guide", "deep-dive"]);
        tour.env("PAGER", &pager);
        let (text, status) = on_a_terminal(tour);
        assert!(status.success() && !text.contains("error"), "{then}: {text}");
    }
}

#[test]
fn both_screens_of_the_map_and_of_the_statements_fit() {
    for words in [&[][..], &["statements"], &["map"]] {
        let (text, _) = on_a_terminal(tour(words));
        let plain = strip(&text);
        assert!(plain.lines().count() <= 2 * 24 - 2, "{words:?}: {plain}");
        // The terminal is as wide as what a pipe gets.
        let piped = tour(words).output().unwrap().stdout;
        assert_eq!(plain, String::from_utf8(piped).unwrap(), "{words:?}");
    }
}

fn strip(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\x1b[") {
        plain += before;
        rest = after.split_once('m').map_or("", |(_, rest)| rest);
    }
    plain + rest
}

/// With a cargo that only says what it is asked for: on a terminal it builds first, aloud.
#[test]
fn a_section_says_where_it_can_be_read_and_shows_how_far_its_build_is() {
    let folder = TempDir::new().unwrap();
    let cargo = fake(folder.path(), "cargo", "");
    let run = |id: &str| {
        let files = documents()[0].section(id).unwrap().files();
        let names: Vec<_> = files.iter().map(|file| file.name).collect();
        let words = format!("--package join-select -- {}", names.join(" "));
        let sources: String = files.iter().map(|file| file.source() + "\n").collect();
        let said = format!("cargo run --quiet {words}\n{sources}");
        (said, format!("[cargo run --quiet {words}]\n"))
    };
    let (both, one) = (run("4.3"), run("4.2"));
    let build = "[cargo build --package join-select]\n";
    let mut command = tour(&["guide", "4.3", "4.2"]);
    command.env("CARGO", &cargo).env("NO_COLOR", "1");
    let (text, status) = on_a_terminal(command);
    assert!(status.success());
    assert_eq!(text, [&both.0, build, &both.1, &one.0, build, &one.1].concat());

    // Nobody watches: it is as quiet as before.
    let piped = tour(&["guide", "4.3", "4.2"]).env("CARGO", &cargo).output().unwrap();
    assert_eq!(String::from_utf8(piped.stdout).unwrap(), both.1 + &one.1);
    assert_eq!(String::from_utf8(piped.stderr).unwrap(), both.0 + &one.0);
}

#[test]
fn a_build_that_fails_is_the_end() {
    let folder = TempDir::new().unwrap();
    let cargo = fake(folder.path(), "cargo", "case $1 in build) exit 101;; esac");
    let mut command = tour(&["guide", "4.2"]);
    command.env("CARGO", &cargo);
    let (text, status) = on_a_terminal(command);
    assert_eq!(status.code(), Some(101), "{text}");
    assert!(!text.contains("[cargo run"), "{text}");
}
