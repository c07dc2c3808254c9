//! Sections with what one sees there, and the commands that run them.

use super::{CHAPTER, DIM, TITLE, padded};
use crate::map::{Content, Document, Section};
use crate::run::{self, Package, packages};
use crate::screen::{Screen, wrap};
use tour::Language;

const INDENT: usize = 6;
/// Rustlings runs in its own folder only.
const EXERCISES: &str = "crates/exercises";

/// `sections`, of one document. A chapter is the title of what follows it.
pub fn sections<'a>(
    document: &Document,
    sections: impl Iterator<Item = &'a Section>,
    screen: Screen,
) -> String {
    sections.map(|section| one(document, section, screen)).collect()
}

fn one(document: &Document, section: &Section, screen: Screen) -> String {
    let Screen { width, language, .. } = screen;
    if section.content == Content::Chapter {
        let title = format!("{} {}", document.called(language), section.title());
        let lines = wrap(&title, width);
        return lines.iter().map(|line| format!("{TITLE}{line}{TITLE:#}\n")).collect();
    }
    let indent = " ".repeat(INDENT);
    // What has no number is not shown twice.
    let has_number = section.id != section.heading;
    let id = if has_number { section.id } else { "" };
    let mut text = String::new();
    for (place, line) in wrap(section.heading, width.saturating_sub(INDENT)).iter().enumerate() {
        let id = padded(if place == 0 { id } else { "" }, INDENT);
        text += &format!("{id}{CHAPTER}{line}{CHAPTER:#}\n");
    }
    let what = match section.content {
        Content::Programs(_) => language.of(section.shows),
        Content::Chapter | Content::Prose => language.either("– prose", "– 文章のみ"),
    };
    for line in wrap(what, width.saturating_sub(INDENT)) {
        text += &format!("{indent}{line}\n");
    }
    for command in commands(document, section, language) {
        text += &format!("{indent}{DIM}{command}{DIM:#}\n");
    }
    text + "\n"
}

/// By number and, the same without the tour, each program by its name.
fn commands(document: &Document, section: &Section, language: Language) -> Vec<String> {
    let on_request = language.either("   (on request)", "   (指定時のみ)");
    let mut ways = Vec::new();
    if document.runs(section) {
        ways.push(run::by_number(document, section));
    }
    ways.extend(section.command.map(|command| format!("cargo run -- {command}")));
    for Package { krate, own, asked } in packages(section.files()) {
        ways.extend(own.into_iter().map(|file| format!("cargo run -p {krate} -- {file}")));
        let named = |file| format!("cargo run -p {krate} -- {file}{on_request}");
        ways.extend(asked.into_iter().map(named));
    }
    let note = if section.is_a_script() { "" } else { on_request };
    ways.extend(section.scripts.iter().map(|script| format!("{script}{note}")));
    let run = |name| format!("cd {EXERCISES} && rustlings run {name}");
    ways.extend(section.exercises().map(|exercise| run(exercise.name)));
    ways
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::{File, documents};

    fn shown(document: usize, id: &str) -> Vec<String> {
        let document = &documents()[document];
        commands(document, document.section(id).unwrap(), Language::English)
    }

    #[test]
    fn what_the_tour_shows_itself_has_its_command() {
        assert_eq!(shown(1, "17"), ["cargo run -- deep-dive 17", "cargo run -- roadmap"]);
    }

    /// A shell would take what follows a semicolon for a command.
    #[test]
    fn a_number_that_a_shell_would_split_is_quoted() {
        let quote = if cfg!(windows) { '"' } else { '\'' };
        let first = format!("cargo run -- deep-dive {quote}TL;DR{quote}");
        assert_eq!(shown(1, "tl;dr")[0], first);
    }

    #[test]
    fn a_script_is_a_command_too() {
        let both = ["cargo run -- deep-dive 12.3", "scripts/flamegraph blocking-work measure"];
        assert_eq!(shown(1, "12.3"), both);
        let measure = "cargo run -p runtime-comparison -- measure   (on request)";
        let [.., first, second] = &shown(1, "13")[..] else { panic!("13 has no two scripts") };
        assert_eq!([first, second], ["scripts/size   (on request)", measure]);
    }

    #[test]
    fn a_part_on_request_is_told_from_the_others() {
        let file = |name, on_request| File { krate: "a", name, on_request };
        let section = |files| {
            let content = Content::Programs(files);
            Section { id: "1", heading: "one", content, ..Section::default() }
        };
        let said = |files, language| {
            let document = Document {
                command: "guide",
                name: "guide",
                name_ja: "ガイド",
                title: "title",
                before: None,
                sections: vec![section(files)],
            };
            commands(&document, &document.sections[0], language)
        };
        let both = vec![file("x", false), file("server", true)];
        let (own, asked) = ("cargo run -p a -- x", "cargo run -p a -- server   (on request)");
        assert_eq!(said(both, Language::English), ["cargo run -- guide 1", own, asked]);
        // All of it is on request: the tour does not run it.
        assert_eq!(said(vec![file("server", true)], Language::English), [asked]);
        let japanese = ["cargo run -p a -- server   (指定時のみ)"];
        assert_eq!(said(vec![file("server", true)], Language::Japanese), japanese);
    }

    #[test]
    fn an_exercise_stands_behind_the_programs() {
        let last = "cd crates/exercises && rustlings run async26";
        assert_eq!(shown(0, "10.1").last().unwrap(), last);
    }
}
