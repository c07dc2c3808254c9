//! The command line as people type it.

use std::process::{Command, Output};

fn dev(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dev")).args(words).output().unwrap()
}

fn refused(words: &[&str]) -> String {
    let output = dev(words);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn what_is_misspelt_ends_with_2_and_names_what_is_near() {
    assert!(refused(&["chekc"]).contains("'check'"));
    assert!(refused(&["new"]).contains("<CRATE/FILE>"));
    assert!(refused(&["new", "join-select/a", "A."]).contains("--section"));
    let said = refused(&["new", "join-slect/a", "A.", "--section", "guide 4.2"]);
    assert!(said.contains("did you mean join-select?"), "{said}");
    assert!(refused(&[]).contains("Usage: cargo tour dev <COMMAND>"));
}

#[test]
fn no_control_sequence_is_repeated() {
    for words in
        [&["\x1b[31m"][..], &["new", "join-select/\x1b[31m", "A.", "--section", "guide 4.2"]]
    {
        let said = refused(words);
        assert!(!said.contains('\x1b') && said.contains("\\u{1b}"), "{said:?}");
    }
}

/// What would be written stays as it is: the exit code comes before it.
#[test]
fn a_claim_with_a_control_character_is_refused() {
    for claim in ["Two\nlines.", "A \x1b[31mred one.", "A\ttab."] {
        let said = refused(&["new", "join-select/never", claim, "--section", "guide 4.1"]);
        assert!(said.contains("has a control character"), "{said}");
    }
    for (file, claim, why) in [
        ("join-select/fn", "A claim.", "fn cannot be the name of a module"),
        ("join-select/never", "", "the claim is blank"),
    ] {
        let said = refused(&["new", file, claim, "--section", "guide 4.1"]);
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn the_help_says_where_to_read_on() {
    let help = dev(&["--help"]);
    assert!(help.status.success());
    assert!(String::from_utf8(help.stdout).unwrap().contains("CONTRIBUTING.md"));
}
