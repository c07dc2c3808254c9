//! Whatever is typed, and whoever listens: an answer, its exit code, and no panic.

#![cfg(target_os = "linux")] // listens at /dev/full

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Output, Stdio};

fn tour<W: AsRef<OsStr>>(words: &[W]) -> Command {
    let mut tour = Command::new(env!("CARGO_BIN_EXE_tour"));
    tour.args(words).stdin(Stdio::null());
    // No file of whoever runs this is read or written.
    tour.env("XDG_STATE_HOME", "/nowhere").env("TOUR_LANG", "en").current_dir("/");
    tour
}

/// Every place of the command line that takes a word.
fn with(word: &OsStr) -> Vec<Vec<OsString>> {
    let places = [
        "@",
        "--@",
        "-@",
        "guide @",
        "deep-dive 4.1 @",
        "guide --@",
        "copy @ /nowhere/app",
        "copy try_join /nowhere/@/app",
        "copy try_join app @",
        "quiz @",
        "quiz --seed @",
        "quiz --@",
        "statements @",
        "statements --id @",
        "statements --id=@",
        "statements --section @",
        "statements --verdict @",
        "completions @",
        "cheatsheet @",
        "roadmap --@",
    ];
    let words = |place: &str| {
        place
            .split(' ')
            .map(|part| match part.split_once('@') {
                Some((before, after)) => {
                    let mut whole = OsString::from(before);
                    whole.push(word);
                    whole.push(after);
                    whole
                }
                None => part.into(),
            })
            .collect()
    };
    places.iter().map(|place| words(place)).collect()
}

fn refused(words: &[OsString]) -> String {
    let output = tour(words).output().unwrap();
    let stderr = String::from_utf8(output.stderr).expect("it is safe to print");
    assert_eq!((output.status.code(), output.stdout), (Some(2), vec![]), "{words:?}: {stderr}");
    assert!(stderr.starts_with("error: "), "{words:?}: {stderr}");
    stderr
}

#[test]
fn no_control_sequence_in_an_argument_gets_to_the_terminal() {
    let obeyed = "\x1b[31mred\x1b]0;title\x07\u{9b}31m\u{202e}txt\u{2066}a\rb\x08\n";
    for word in [obeyed.as_bytes(), b"a\xffb\xc2"] {
        for words in with(OsStr::from_bytes(word)) {
            let said = refused(&words);
            let is_bad = |letter: char| {
                letter != '\n' && (letter.is_control() || matches!(letter, '\u{202e}' | '\u{2066}'))
            };
            assert!(!said.contains(is_bad), "{words:?}: {said:?}");
        }
    }
}

/// The longest argument that Linux passes on has 128 KiB.
#[test]
fn a_huge_argument_is_answered_with_a_short_error() {
    let huge = "あ".repeat(40_000);
    for words in with(OsStr::new(&huge)) {
        let said = refused(&words);
        assert!(said.len() < 40_000, "{} bytes: {}", said.len(), &said[..60]);
    }
    let many = vec!["4.11"; 20_000];
    let words: Vec<_> = ["guide"].iter().chain(&many).map(OsString::from).collect();
    assert!(refused(&words).contains("did you mean 4.1?"));
}

#[test]
fn a_blank_argument_is_answered() {
    for blank in ["", "　"] {
        for words in with(OsStr::new(blank)) {
            // `--` alone ends the options, and `-` is a word.
            if words.iter().any(|word| word == "--") {
                continue;
            }
            // There is such a path as `/nowhere//app`.
            let said = refused(&words);
            let first = said.lines().next().unwrap();
            assert_eq!(first, first.trim_end(), "{words:?}: it names nothing");
        }
    }
}

/// Everything that prints, with somebody on the other side who takes nothing.
#[test]
fn a_full_disk_is_an_error_and_no_panic() {
    for words in [
        &[][..],
        &["--help"],
        &["--version"],
        &["guide", "--help"],
        &["quiz", "Q1"],
        &["quiz", "--list"],
        &["statements"],
        &["statements", "--json"],
        &["cheatsheet"],
        &["roadmap"],
        &["completions", "bash"],
    ] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = tour(words).stdout(full).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{words:?}: {stderr}");
        assert!(stderr.starts_with("error: nobody takes the output: "), "{words:?}: {stderr}");
    }
}

/// The exit code is all that is left to say it.
#[test]
fn without_stderr_an_error_is_still_an_exit_code() {
    for words in [&["giude"][..], &["guide", "4.11"], &["quiz", "lfio"], &["copy", "x", "y"]] {
        let (reader, stderr) = io::pipe().unwrap();
        drop(reader);
        let output = tour(words).stderr(stderr).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = tour(words).stderr(full).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{words:?}");
    }
}

/// With all three closed, as under some daemons.
#[test]
fn without_stdin_stdout_and_stderr_there_is_no_panic() {
    let ended = |words: &str| -> Output {
        let script = format!("exec \"$0\" {words} <&- >&- 2>&-");
        let mut shell = Command::new("bash");
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_tour")]).env("XDG_STATE_HOME", "/nowhere");
        shell.output().unwrap()
    };
    for (words, code) in [("", 0), ("quiz Q1", 0), ("--help", 0), ("giude", 2), ("guide 4.11", 2)] {
        assert_eq!(ended(words).status.code(), Some(code), "{words}");
    }
}
