//! Which programs run for a section, and what is said of the rest.

use super::*;
use crate::map::Content;

fn document() -> Document {
    let file = |krate, name, on_request| File { krate, name, on_request };
    let section = |id, content| Section { id, content, ..Section::default() };
    let none = || Content::Programs(Vec::new());
    let one = || Content::Programs(vec![file("b", "z", false)]);
    let mixed = vec![file("a", "x", false), file("a", "y", true), file("b", "z", false)];
    let sections = vec![
        section("1", Content::Chapter),
        section("1.1", Content::Programs(mixed)),
        section("1.2", Content::Programs(vec![file("a", "server", true)])),
        section("2", Content::Prose),
        Section { command: Some("quiz"), ..section("3", none()) },
        section("4", Content::Chapter),
        Section { scripts: vec!["scripts/size all"], ..section("4.1", none()) },
        Section { scripts: vec!["scripts/size"], ..section("4.2", one()) },
        section("5", Content::Chapter),
        section("5.1", Content::Prose),
    ];
    Document {
        command: "guide",
        name: "guide",
        name_ja: "ガイド",
        title: "title",
        before: None,
        sections,
    }
}

fn plan(id: &str) -> Result<Plan, Failure> {
    let (document, mut plan) = (document(), Plan::default());
    plan.add(&document, document.section(id).unwrap())?;
    Ok(plan)
}

#[test]
fn a_chapter_runs_its_sections_and_says_what_it_leaves_out() {
    let plan = plan("1").unwrap();
    let commands = plan.commands.iter().map(|arguments| arguments.join(" "));
    assert_eq!(
        commands.collect::<Vec<_>>(),
        ["cargo run --quiet --package a -- x", "cargo run --quiet --package b -- z"]
    );
    assert_eq!(
        plan.notes,
        [
            "guide 1.1, on request: cargo run --quiet --package a -- y",
            "guide 1.2, on request: cargo run --quiet --package a -- server",
        ]
    );
}

#[test]
fn a_section_of_the_tour_itself_is_one_of_its_commands() {
    let expected = [["cargo", "run", "--quiet", "--package", "tour", "--", "quiz"]];
    assert_eq!(plan("3").unwrap().commands, expected);
}

#[test]
fn a_script_runs_by_the_number_of_a_section_that_has_nothing_else() {
    assert_eq!(plan("4.1").unwrap().commands, [["scripts/size", "all"]]);
    let Plan { commands, notes } = plan("4").unwrap();
    assert_eq!(commands.len(), 1);
    let noted = ["guide 4.1, on request: scripts/size all", "guide 4.2, on request: scripts/size"];
    assert_eq!(notes, noted);
    assert_eq!(plan("4.2").unwrap().notes, noted[1..]);
}

#[test]
fn a_section_that_cannot_run_says_why() {
    let failure = |id| format!("{:?}", plan(id).unwrap_err());
    assert!(failure("1.2").contains("cargo run --quiet --package a -- server"));
    assert!(failure("2").contains("guide 2 is prose"));
    assert!(failure("5").contains("guide 5 is prose"));
}
