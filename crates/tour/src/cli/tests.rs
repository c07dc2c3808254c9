//! Each line is one wish.

use super::*;
use crate::map::documents;

fn parsed<'a>(map: &'a [Document], line: &str) -> Result<Wish<'a>, Error> {
    wish(map, Language::English, line.split_ascii_whitespace().map(OsString::from).collect())
}

#[test]
fn the_command_line_is_consistent() {
    command(documents()).debug_assert();
}

#[test]
fn each_line_is_one_wish() {
    let map = documents();
    let run = |document, sections: &[&str]| Wish::Run {
        document,
        sections: sections.iter().map(ToString::to_string).collect(),
    };
    assert_eq!(parsed(map, "tour").unwrap(), Wish::Chapters);
    assert_eq!(parsed(map, "tour guide 4.1 Q2").unwrap(), run(&map[0], &["4.1", "Q2"]));
    assert_eq!(parsed(map, "tour deep-dive 11").unwrap(), run(&map[1], &["11"]));
    let all = Wish::Statements { filter: Filter::default(), json: true };
    assert_eq!(parsed(map, "tour statements --json").unwrap(), all);
    let order = |choices| {
        Wish::Copy(copy::Order { name: "a/b".into(), destination: "../c".into(), choices })
    };
    let none = copy::Choices::default();
    assert_eq!(parsed(map, "tour copy a/b ../c").unwrap(), order(none));
    let all = copy::Choices { rename: Some("d".into()), apply: true, with_tests: true };
    let line = "tour copy a/b ../c --as d --apply --with-tests";
    assert_eq!(parsed(map, line).unwrap(), order(all));
    let dev = Wish::Dev { words: ["new", "a/b", "--help"].map(OsString::from).to_vec() };
    assert_eq!(parsed(map, "tour dev new a/b --help").unwrap(), dev);
    assert_eq!(parsed(map, "tour dev").unwrap(), Wish::Dev { words: Vec::new() });
}

#[test]
fn the_quiz_asks_lists_or_forgets() {
    let map = documents();
    let wish = |line| parsed(map, line).unwrap();
    let ask = |ids: &[&str], seed| {
        let questions = ids.iter().map(|id| id.to_string()).collect();
        Wish::Ask { questions, seed }
    };
    assert_eq!(wish("tour quiz"), ask(&[], None));
    assert_eq!(wish("tour quiz Q4 lifo"), ask(&["Q4", "lifo"], None));
    assert_eq!(wish("tour quiz Q4 --seed 7"), ask(&["Q4"], Some(7)));
    assert_eq!(wish("tour quiz --list"), Wish::ListQuestions);
    assert_eq!(wish("tour quiz --reset"), Wish::ForgetAnswers);
    for line in ["--list --reset", "--list --seed 7", "--reset --seed 7", "--seed -1"] {
        let error = parsed(map, &format!("tour quiz {line}")).unwrap_err();
        assert_eq!(error.exit_code(), 2, "{line}");
    }
}

#[test]
fn every_command_of_the_tour_that_the_map_names_exists() {
    let map = documents();
    let sections = map.iter().flat_map(|document| &document.sections);
    let commands: Vec<_> = sections.filter_map(|section| section.command).collect();
    assert_eq!(commands, ["roadmap", "cheatsheet", "quiz"]);
    for command in commands {
        parsed(map, &format!("tour {command}")).unwrap();
    }
}
