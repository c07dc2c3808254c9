//! The language that a reader has asked for, by `--lang` or by their locale.

use std::process::{Command, Output};

const VARIABLES: [&str; 4] = ["TOUR_LANG", "LC_ALL", "LC_MESSAGES", "LANG"];

fn tour(line: &str, set: &[(&str, &str)]) -> Output {
    let mut tour = Command::new(env!("CARGO_BIN_EXE_tour"));
    VARIABLES.iter().for_each(|name| {
        tour.env_remove(name);
    });
    tour.args(line.split_whitespace()).envs(set.iter().copied()).output().unwrap()
}

fn said(line: &str, set: &[(&str, &str)]) -> String {
    let output = tour(line, set);
    assert!(output.status.success() && output.stderr.is_empty(), "{line}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

const LINES: [(&str, &str, &str); 7] = [
    ("", "runs a section", "節を実行する"),
    ("map guide 4.1", "the fastest: C", "最も速い C"),
    ("statements", "imprecise", "不正確"),
    ("statements --section 4.1", "deep dive 4.1", "Deep Dive 4.1"),
    ("find retry", "recipe", "レシピ"),
    ("--help", "Usage:", "使い方:"),
    ("copy --help", "Arguments:", "引数:"),
];

#[test]
fn it_is_english_unless_somebody_asks_for_japanese() {
    for (line, english, japanese) in LINES {
        for set in [&[][..], &[("LANG", "C.UTF-8")], &[("LANG", "ja_JP.UTF-8"), ("LC_ALL", "C")]] {
            let text = said(line, set);
            assert!(text.contains(english) && !text.contains(japanese), "{line}: {text}");
        }
        let asked = said(&format!("{line} --lang ja"), &[]);
        assert!(asked.contains(japanese) && !asked.contains(english), "{line}: {asked}");
        for set in [[("LANG", "ja_JP.UTF-8")], [("LC_ALL", "ja_JP")], [("LC_MESSAGES", "ja")]] {
            assert_eq!(said(line, &set), asked, "{line}: {set:?}");
        }
    }
}

#[test]
fn the_option_wins_over_the_locale() {
    let english = said("map guide 4.1", &[]);
    assert_eq!(said("--lang=en map guide 4.1", &[("LC_ALL", "ja_JP.UTF-8")]), english);
}

#[test]
fn another_language_is_refused_with_those_that_there_are() {
    for line in ["--lang de", "map 4 --lang=de", "find --lang de retry", "statements --lang"] {
        let output = tour(line, &[]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{line}: {said}");
        assert!(said.contains("[possible values: en, ja]"), "{line}: {said}");
    }
}
