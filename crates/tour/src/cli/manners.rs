//! The command line as careless and as malicious people type it, and at the Tab key.

use super::*;
use crate::map::documents;
use clap::ValueEnum;

fn parsed<'a>(map: &'a [Document], line: &str) -> Result<Wish<'a>, Error> {
    wish(map, Language::English, line.split_ascii_whitespace().map(OsString::from).collect())
}

fn refused(words: &[&str]) -> String {
    let map = documents();
    let words = ["tour"].iter().chain(words).map(OsString::from).collect();
    let Err(error) = wish(map, Language::English, words) else { panic!("it is understood") };
    assert_eq!(error.exit_code(), 2, "{error}");
    error.to_string()
}

#[test]
fn full_width_is_as_good_as_half() {
    let map = documents();
    for (typed, meant) in [
        ("guide ４．１ Ｑ２", "guide 4.1 Q2"),
        ("copy ｔｒｙ＿ｊｏｉｎ app", "copy try_join app"),
        ("quiz Ｑ４ --seed ７", "quiz Q4 --seed 7"),
        ("statements --id Ｄ－６－３", "statements --id D-6-3"),
    ] {
        let wish = |line| parsed(map, &format!("tour {line}")).unwrap();
        assert_eq!(wish(typed), wish(meant));
    }
}

#[test]
fn a_blank_word_is_said_to_be_blank() {
    for blank in ["", " ", "　", "\u{a0}"] {
        for words in [
            &["guide", blank][..],
            &["deep-dive", "4.1", blank],
            &["copy", blank, "app"],
            &["quiz", blank],
            &["statements", "--id", blank],
            &["statements", "--section", blank],
        ] {
            let said = refused(words);
            assert!(said.contains("it is blank"), "{words:?}: {said}");
        }
        for words in [&[blank][..], &["completions", blank], &["quiz", "--seed", blank]] {
            let said = refused(words);
            assert!(said.starts_with("error: "), "{words:?}: {said}");
        }
    }
    assert!(refused(&["copy", "try_join", ""]).contains("<FOLDER>"));
}

/// Whatever clap repeats: a command, an option, a value, and its tips.
#[test]
fn no_control_sequence_is_repeated() {
    for evil in ["\x1b[31m", "\u{9b}31m", "\x1b]0;title\x07", "\u{202e}", "a\rb\nc"] {
        for words in [
            &[evil][..],
            &[&format!("--{evil}")],
            &["guide", &format!("--{evil}")],
            &["copy", "try_join", "app", evil],
            &["completions", evil],
            &["quiz", "--seed", evil],
            &["statements", "--verdict", evil],
            &["statements", evil],
        ] {
            let said = refused(words);
            let is_safe = |letter: char| letter == '\n' || !letter.is_control();
            assert!(said.chars().all(is_safe) && !said.contains('\u{202e}'), "{said:?}");
            assert!(!said.contains("b\nc"), "{said:?}");
        }
    }
}

#[cfg(unix)] // elsewhere an `OsString` has no such bytes
#[test]
fn a_path_stays_as_it_is_to_the_byte() {
    use std::os::unix::ffi::OsStringExt;
    let map = documents();
    for path in [&b"a\xffb"[..], b"\x1b[31m", "まとめ　１".as_bytes(), b" "] {
        let path = OsString::from_vec(path.to_vec());
        let words = ["tour", "copy", "try_join"].map(OsString::from).into_iter();
        let wish = wish(map, Language::English, words.chain([path.clone()]).collect()).unwrap();
        let Wish::Copy(order) = wish else { panic!("{wish:?}") };
        assert_eq!(order.destination, PathBuf::from(path));
    }
}

/// An escape by its text would be words to search for.
#[test]
fn a_search_is_for_words_without_what_a_terminal_obeys() {
    for (words, meant) in [
        (&["\x1b[31mretry\x1b[0m", "with\nbackoff"][..], "retry with backoff"),
        (&["--", "-p"], "-p"),
        (&["\x1b[31m"], ""),
    ] {
        let words = ["tour", "find"].iter().chain(words).map(OsString::from).collect();
        assert_eq!(wish(documents(), Language::English, words).unwrap(), Wish::Find(meant.into()));
    }
}

/// There are hundreds, which nobody could read.
#[test]
fn a_missing_value_is_not_answered_with_all_there_are() {
    for words in [&["statements", "--id"][..], &["statements", "--section"], &["quiz", "--seed"]] {
        let said = refused(words);
        assert!(said.len() < 200, "{said}");
    }
    let said = refused(&["statements", "--verdict"]);
    assert!(said.contains("outdated"), "those few are listed: {said}");
    assert!(refused(&["completions"]).contains("<SHELL>"));
}

#[test]
fn an_unknown_command_names_the_near_one_and_ends_with_2() {
    let map = documents();
    let error = parsed(map, "tour giude 4.1").unwrap_err();
    assert!(error.to_string().contains("'guide'"), "{error}");
    assert_eq!(error.exit_code(), 2);
}

/// Not a near command, nor the search: it is known what is meant.
#[test]
fn a_recipe_or_a_section_by_itself_is_answered_with_its_command() {
    assert!(refused(&["retry"]).contains("tip: `cargo run -- copy retry FOLDER` copies it\n"));
    for number in ["4.1", "４．１"] {
        let said = refused(&[number]);
        assert!(said.contains("tip: `cargo run -- guide 4.1` runs it\n"), "{said}");
    }
    let said = refused(&["6.2"]);
    assert!(said.contains("`cargo run -- deep-dive 6.2` runs it"), "{said}");
    for word in ["retry", "4.1"] {
        assert!(!refused(&[word]).contains("find"), "{word}");
    }
    assert!(refused(&["deadlock"]).contains("cargo run -- find deadlock"));
}

#[test]
fn no_help_is_wider_than_80_columns() {
    let mut all = command(documents());
    all.build();
    let mut helps = vec![all.render_long_help().to_string()];
    helps.extend(all.get_subcommands_mut().map(|it| it.render_long_help().to_string()));
    for line in helps.iter().flat_map(|help| help.lines()) {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn every_shell_completes_sections_and_snippets() {
    let map = documents();
    for shell in Shell::value_variants() {
        let line = format!("tour completions {shell}");
        let Wish::Completions { script } = parsed(map, &line).unwrap() else {
            panic!("{shell} has no script");
        };
        assert!(script.contains("deep-dive"), "{shell}");
        assert!(!script.contains("TL;DR"), "{shell} would run what follows the semicolon");
        // The other generators leave out the values of positional arguments.
        if matches!(shell, Shell::Bash | Shell::Zsh) {
            assert!(script.contains("4.1") && script.contains("try_join"), "{shell}");
        }
    }
}
