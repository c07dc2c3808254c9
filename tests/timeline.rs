//! Promise: `cargo run -- timeline` runs a program as it is, and draws what its tasks did; a program
//! that does not end is drawn as well. What cannot be is said before anything runs.
//!
//! All with the programs of one section, which are built once more for it.

#![cfg(tokio_unstable)] // RUSTFLAGS replaces the flag of the workspace

use crate::support::{WORKSPACE, program};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

const SECTION: &str = "anti-patterns";

fn timeline(words: &[&str]) -> Output {
    program("tour").arg("timeline").args(words).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn what_is_wrong_is_named_with_what_is_near_and_nothing_runs() {
    let nowhere = "/nowhere/at/all.html";
    let folder = env!("CARGO_TARGET_TMPDIR");
    for (words, said) in [
        (&["anti-pattern", "deadlock"][..], "did you mean anti-patterns?"),
        (&[SECTION, "dead_lock"], "did you mean deadlock?"),
        (&["deadlock"], "cargo run -- timeline anti-patterns deadlock"),
        (&["guide", "9.33"], "did you mean 9.3?"),
        (&["guide", "2.1", "4.1", "--svg", "a.svg"], "a file takes the drawing of one"),
        (&[SECTION, "--html", nowhere], "there is no folder"),
        (&[SECTION, "--svg", folder], "cannot be written"),
        (&[SECTION, "--for", "5"], "a whole number with `ms`, `s` or `m`"),
        (&[], "<NAME>"),
    ] {
        let output = timeline(words);
        assert_eq!(output.status.code(), Some(2), "{words:?}: {output:?}");
        assert!(output.stdout.is_empty(), "{words:?}: {output:?}");
        assert!(text(&output.stderr).contains(said), "{words:?}: {}", text(&output.stderr));
    }
}

/// Not the recording, and not what it is made of.
#[test]
fn a_normal_build_has_none_of_it() {
    for package in [SECTION, "tour"] {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["tree", "--prefix", "none", "--edges", "normal,build", "--package", package]);
        let tree = text(&cargo.current_dir(WORKSPACE).output().unwrap().stdout);
        assert!(tree.starts_with(&format!("{package} v0.0.0")), "{tree}");
        for name in ["timeline ", "tracing ", "ctrlc "] {
            assert!(!tree.lines().any(|line| line.starts_with(name)), "{package}: {tree}");
        }
    }
}

/// With the words that one has from the document, and from the README.
#[test]
fn a_program_prints_what_it_always_prints_and_is_drawn_below() {
    let [by_section, by_name] =
        [&["guide", "9.2"][..], &[SECTION, "forgotten_await"]].map(|words| {
            let output = timeline(words);
            assert!(output.status.success(), "{output:?}");
            text(&output.stdout)
        });
    let own = "bad_example:\ngood_example:\n通知送信\n通知送信\n";
    for printed in [by_section, by_name] {
        let drawing = printed.strip_prefix(own).unwrap_or_else(|| panic!("{printed}"));
        for told in ["main", "task 1", "forgotten_await.rs:24"] {
            assert!(drawing.contains(told), "{told}: {drawing}");
        }
        assert!(!drawing.contains('\u{1b}'), "a pipe gets no colours: {drawing}");
    }
}

#[test]
fn each_file_has_the_run_in_its_format() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_string();
    let (html, svg, json) = (path("a.html"), path("a.svg"), path("a.json"));
    fs::write(&html, "old").unwrap();
    let words = [SECTION, "forgotten_await", "--html", &html, "--svg", &svg, "--json", &json];
    let output = timeline(&words);
    assert!(output.status.success(), "{output:?}");
    assert!(!text(&output.stdout).contains("task 1"), "a file takes the place of the text");
    assert!(text(&output.stderr).ends_with(&format!("{html}\n{svg}\n{json}\n")), "{output:?}");

    let page = fs::read_to_string(html).unwrap();
    assert!(page.contains("<title>anti-patterns forgotten_await</title>"), "{page}");
    assert!(page.contains("<code>main</code> spawns <code>task 1</code>"), "{page}");
    let picture = fs::read_to_string(svg).unwrap();
    assert!(picture.starts_with("<svg ") && picture.contains(">task 1<"), "{picture}");
    let trace: Value = serde_json::from_str(&fs::read_to_string(json).unwrap()).unwrap();
    let events = trace["traceEvents"].as_array().unwrap();
    assert!(events.iter().any(|it| it["args"]["name"] == "task 1"), "{trace}");
}

#[test]
fn a_program_that_never_ends_is_cut_off_at_its_limit() {
    let page = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cut-off.html");
    let words = [SECTION, "deadlock", "--for", "2s", "--html", page.to_str().unwrap()];
    let output = timeline(&words);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(text(&output.stdout), "1: lock...\n1: locked\n2: lock...\n");
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains("There the recording was cut off."), "{page}");
}

/// Before or after its first task is spawned: nobody is told that it has none.
#[test]
fn a_program_that_is_cut_off_at_once_is_not_said_to_run_nothing() {
    let output = timeline(&[SECTION, "deadlock", "--for", "1ms"]);
    assert!(output.status.success(), "{output:?}");
    let [drawn, said] = [&output.stdout, &output.stderr].map(|it| text(it));
    assert!(drawn.contains("Cut off after"), "{drawn}");
    assert!(!said.contains("runs nothing on Tokio"), "{said}");
    assert_eq!(said.contains("was cut off before it ran anything"), !drawn.contains("main"));
}

#[cfg(unix)] // std sends no Ctrl+Break
#[test]
fn ctrl_c_ends_a_program_and_its_drawing_comes_all_the_same() {
    use utils::probe::{Child, Signal};

    let mut tour = program("tour");
    let words = ["timeline", SECTION, "deadlock"];
    let mut child = Child::start(tour.args(words).current_dir(WORKSPACE));
    child.wait_for_line("2: lock...");
    child.signal(Signal::Interrupt);
    let ended = child.end();
    assert_eq!(ended.status.code(), Some(130), "{ended:#?}");
    assert!(ended.stderr.contains("the drawing comes when the program has ended"), "{ended:#?}");
    assert!(ended.stdout.contains("main"), "{ended:#?}");
}
