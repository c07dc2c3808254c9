//! Promise: every difference from the documents names what shows it, and that exists.

use crate::support::{Section, WORKSPACE, read, sections};
use std::path::Path;

#[test]
fn every_difference_names_a_test_that_exists() {
    let mut differences = 0;
    let mut wrong = Vec::new();
    for section in sections() {
        for difference in differences_in(&section.readme()) {
            differences += 1;
            wrong.extend(faults(&section, &difference).map(|it| format!("{}: {it}", section.name)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(differences > 100, "{differences}: the heading has another name");
}

#[test]
fn a_difference_without_a_test_or_with_one_that_is_not_there_is_told() {
    let section = sections().into_iter().find(|it| it.name == "join-select").unwrap();
    let told = |difference: &str| faults(&section, difference).collect::<Vec<_>>();
    let here = "try_join::success_takes_as_long_as_the_slowest_fetch";
    assert_eq!(told(&format!("It is not `so` (`{here}`).")), Vec::<String>::new());
    assert_eq!(told("4.1: it is not so."), ["it names no test: 4.1: it is not so."]);
    for missing in [
        "try_join::there_is_no_such_test",
        "no_file::there_is_no_such_test",
        "tests/no_file.rs::there_is_no_such_test",
        "tests/signals.rs::there_is_no_such_test",
        "tests/ui/join-select/no_such_case",
        "elsewhere/no_such_program.go",
    ] {
        let difference = format!("It is not so (`{here}`, `{missing}`).");
        assert_eq!(told(&difference), [format!("there is no {missing}")]);
    }
    // What is no name of a test.
    for code in ["tokio::spawn", "std::task::Waker", "`a` :: b", "task::yield_now", "_x_y_z"] {
        let difference = format!("It is not so with `` {code} `` (`{here}`).");
        assert_eq!(told(&difference), Vec::<String>::new());
    }
}

/// The items of the list below the heading, each as one line.
fn differences_in(readme: &str) -> Vec<String> {
    let (_, below) = readme.split_once("\n## Differences from the document\n").unwrap_or_default();
    let (list, _) = below.split_once("\n## ").unwrap_or((below, ""));
    let items = list.split("\n- ").skip(1);
    items.map(|item| item.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

fn faults(section: &Section, difference: &str) -> impl Iterator<Item = String> {
    let names: Vec<_> = code_spans(difference).into_iter().filter(|it| names_a_proof(it)).collect();
    let none = names.is_empty().then(|| format!("it names no test: {difference}"));
    let missing = names.into_iter().filter(|name| !is_there(section, name));
    none.into_iter().chain(missing.map(|name| format!("there is no {name}")).collect::<Vec<_>>())
}

/// `code`, or ``code with a `backtick` in it``.
fn code_spans(markdown: &str) -> Vec<&str> {
    let mut spans = Vec::new();
    let mut rest = markdown;
    while let Some(start) = rest.find('`') {
        let ticks = rest[start..].len() - rest[start..].trim_start_matches('`').len();
        let inside = &rest[start + ticks..];
        let Some(end) = inside.find(&"`".repeat(ticks)) else { break };
        spans.push(inside[..end].trim());
        rest = &inside[end + ticks..];
    }
    spans
}

/// A case that must not compile, a program in another language, or `file::a_test`, whose name is a
/// sentence: three words at least.
fn names_a_proof(code: &str) -> bool {
    let is_name =
        |text: &str| text.chars().all(|it| it.is_ascii_alphanumeric() || "_-./".contains(it));
    code.starts_with("tests/ui/")
        || code.starts_with("elsewhere/")
        || code.split_once("::").is_some_and(|(file, test)| {
            is_name(file) && is_name(test) && test.matches('_').count() >= 2
        })
}

fn is_there(section: &Section, name: &str) -> bool {
    if name.starts_with("tests/ui/") {
        let case = |end| Path::new(WORKSPACE).join(format!("{name}.{end}")).is_file();
        return case("fail.rs") && case("pass.rs");
    }
    if name.starts_with("elsewhere/") {
        return section.folder.join(name).is_file();
    }
    let Some((file, test)) = name.split_once("::") else { return false };
    // Its own, or one of the workspace's.
    let files = match file.ends_with(".rs") {
        true => vec![section.folder.join(file), Path::new(WORKSPACE).join(file)],
        false => vec![section.path(file)],
    };
    let mut sources = files.into_iter().filter(|file| file.is_file()).map(read);
    sources.any(|source| source.contains(&format!("fn {test}()")))
}
