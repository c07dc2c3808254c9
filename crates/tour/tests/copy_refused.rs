//! `copy` of a recipe that cannot be: it says why, and touches nothing.

#![cfg(unix)] // its cargo that fails is a shell script, and bash sets the limit of a full disk

use crate::packages::{MAIN, app, contents, copied, refused, tour};
use std::fs;
use std::process::{Command, Output};

#[test]
fn what_does_not_fit_is_said_and_nothing_is_touched() {
    let main = ("src/main.rs", MAIN);
    let (new, none) = ("edition = \"2024\"\n", "");
    let named = "[dependencies]\ntimeout = { path = \"../timeout\" }\n";
    for (package, dependencies, files, said) in [
        ("edition = \"2018\"\n", none, &[main][..], "has edition 2018; timeout needs 2021"),
        ("", none, &[main], "has edition 2015"),
        (
            "rust-version = \"1.84.1\"\nedition = \"2021\"\n",
            none,
            &[main],
            "has rust-version 1.84;",
        ),
        (new, named, &[main], "a dependency that is called timeout"),
        (new, none, &[main, ("src/timeout.rs", "")], "has src/timeout.rs already"),
        (new, none, &[main, ("src/timeout/mod.rs", "")], "has src/timeout/mod.rs already"),
        (new, none, &[("src/main.rs", "mod timeout {}\n")], "src/main.rs has a module timeout"),
        (new, none, &[("src/bin/one.rs", MAIN)], "no src/lib.rs and no src/main.rs"),
        ("edition = 2024\n", none, &[main], "cargo cannot read app: "),
        ("edition = \"2024\"\n[[\n", none, &[main], "cargo cannot read app: "),
    ] {
        let home = app(package, dependencies, files);
        let told = refused(&home, &["timeout", "app", "--apply"]);
        assert!(told.starts_with("error: ") && told.contains(said), "{told}");
        assert_eq!(told.lines().next().map(|line| line.contains("\\n")), Some(false), "{told}");
    }
}

#[test]
fn a_root_that_is_not_rust_is_changed_by_nobody() {
    let home = app("edition = \"2024\"\n", "", &[("src/main.rs", "fn main() {")]);
    assert!(refused(&home, &["timeout", "app", "--apply"]).contains("cannot be read as Rust"));
    assert!(copied(home.path(), &["timeout", "app"]).contains("\nmod timeout;\n"));
}

#[test]
fn what_is_typed_wrong_is_said_and_nothing_is_touched() {
    let home = app("edition = \"2024\"\n", "", &[("src/main.rs", MAIN)]);
    for (words, said) in [
        (&["timeout", "app/src"][..], "the package is /"),
        (&["timeout", "app/Cargo.toml"], "is not a folder"),
        (&["timeout", "app", "--as", "my-limit"], "like this: `retry_twice`"),
        (&["timeout", "app", "--as", "match"], "something else in Rust"),
        (&["timeout", "app", "--as", "../main"], "like this"),
        (&["timeout", "app", "--as", &"a".repeat(300)], "more than 64 letters"),
        // Not in the package yet: the copy itself would add them.
        (&["retry", "app", "--as", "tokio", "--apply"], "tokio is a crate that retry needs"),
        (&["retry", "new", "--as", "backon"], "backon is a crate that retry needs"),
        (&["retry", "app", "--as", "thiserror"], "thiserror is a crate that retry needs"),
        (&["timeuot", "app"], "did you mean timeout?"),
        (&["try_join", "new", "--apply"], "are for recipes"),
        (&["try_join", "app"], "is not empty"),
    ] {
        let told = refused(&home, words);
        assert!(told.contains(said), "{words:?}: {told}");
    }
}

/// The second `cargo add` fails, after it has written.
#[test]
fn what_cannot_be_done_to_its_end_is_not_done_at_all() {
    use std::os::unix::fs::PermissionsExt;
    let home = app("edition = \"2024\"\n", "", &[("src/main.rs", MAIN)]);
    let script = format!(
        "#!/bin/sh\ncase \"$*\" in\n*tokio*) echo half >> Cargo.toml; echo half > Cargo.lock\n\
         printf 'error: no \\033[31mnetwork\\n\\nCaused by:\\n  a cable\\n' >&2; exit 101;;\n\
         *) exec {} \"$@\";;\nesac\n",
        env!("CARGO")
    );
    let cargo = home.path().join("cargo");
    fs::write(&cargo, script).unwrap();
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
    let before = contents(home.path());
    let output =
        tour(home.path(), &["timeout", "app", "--apply"]).env("CARGO", &cargo).output().unwrap();
    let told = "error: `cargo add tokio@1.47 --features time` fails: no \\u{1b}[31mnetwork: a cable\
                \n\n  tip: nothing has been changed\n";
    assert_eq!(String::from_utf8(output.stderr).unwrap(), told);
    assert_eq!((output.status.code(), output.stdout), (Some(1), vec![]));
    assert_eq!(contents(home.path()), before);
}

/// The disk takes one block of the module.
#[test]
fn a_full_disk_leaves_no_half_file() {
    for files in [&[("src/main.rs", MAIN)][..], &[]] {
        let home = app("edition = \"2024\"\n", "", files);
        let folder = if files.is_empty() { "new" } else { "app" };
        let before = contents(home.path());
        let tour = env!("CARGO_BIN_EXE_tour");
        let script = format!("trap '' XFSZ; ulimit -f 1; exec \"$0\" copy timeout {folder}");
        let mut bash = Command::new("bash");
        let Output { status, stdout, stderr } =
            bash.args(["-c", &script, tour]).current_dir(home.path()).output().unwrap();
        let stderr = String::from_utf8(stderr).unwrap();
        assert_eq!((status.code(), stdout), (Some(1), vec![]), "{stderr}");
        assert!(stderr.contains("be written"), "{stderr}");
        assert_eq!(contents(home.path()), before);
        assert!(!home.path().join("new").exists());
    }
}

#[test]
fn no_control_sequence_of_a_path_gets_to_the_terminal() {
    let evil = "\x1b[31m\u{202e}red";
    for files in [&[("src/main.rs", MAIN)][..], &[("src/main.rs", "fn main() {")], &[]] {
        let home = app("edition = \"2024\"\n", "", files);
        fs::rename(home.path().join("app"), home.path().join(evil)).unwrap();
        for words in [&["timeout", evil][..], &["timeout", evil, "--apply"], &["timeout", evil]] {
            let output = tour(home.path(), words).output().unwrap();
            for text in [output.stdout, output.stderr] {
                let text = String::from_utf8(text).unwrap();
                let bad = |letter: char| letter != '\n' && letter.is_control();
                assert!(!text.contains(bad) && !text.contains('\u{202e}'), "{text:?}");
            }
        }
    }
}
