//! The page of a section: its programs, what they print, what of the document holds.

use super::{document, statement};
use crate::links;
use crate::readme::{differences, has_lines, is_about, printed};
use crate::recorded::{self, Recorded};
use crate::site::Page;
use crate::source::{block, folded, read, split};
use std::path::Path;
use tour::data::{Content, Document, File, Section, documents, problems, recipes};

pub fn page(root: &Path, document: &Document, section: &Section) -> Result<Page, String> {
    let path = links::section(document, section);
    let mut text = format!("# {}\n\n{}\n\n", section.title(), place(document, section, &path));
    if !section.shows.is_empty() {
        text += &format!("**{}**\n\n", section.shows.en);
    }
    if section.content == Content::Chapter {
        for part in document.within(section).filter(|part| part.id != section.id) {
            text += &document::entry(document, part, &path, "");
        }
        text.push('\n');
    }
    let (programs, unknown) = programs(root, section)?;
    text += &programs;
    if let Some(command) = section.command.map(|it| format!("cargo run -- {it}")) {
        text += &block("console", &format!("$ {command}"));
    }
    for script in &section.scripts {
        text += &block("console", &format!("$ {script}"));
    }
    let mut crates: Vec<_> = section.files().iter().map(|file| file.krate).collect();
    crates.dedup();
    let mut differ = String::new();
    for krate in crates {
        let readme = read(root, &format!("crates/sections/{krate}/README.md"))?;
        if unknown.contains(&krate) {
            text += &outputs(&readme, krate, &path);
        }
        differ += &differ_in(&readme, krate, document, section, &path);
    }
    if !differ.is_empty() {
        text += &format!("## Differences from the document\n\n{differ}\n");
    }
    text += &statement::list(document, section, &path);
    text += &exercises(section, &path);
    text += &elsewhere(document, section, &path);
    Ok(Page { title: section.title(), path, text, pictures: Vec::new(), depth: 1 })
}

/// The document and, if it is in one, the chapter.
fn place(document: &Document, section: &Section, path: &str) -> String {
    let top = links::between(path, &format!("{}.md", document.command));
    let mut text = format!("[The {}]({top})", document.name);
    if let Some(chapter) = document.sections.iter().find(|it| section.is_part_of(it)) {
        let to = links::between(path, &links::section(document, chapter));
        text += &format!(" › [{}](<{to}>)", chapter.title());
    }
    text
}

/// The programs of a section, and the crates of those whose own lines nobody has recorded.
fn programs(root: &Path, section: &Section) -> Result<(String, Vec<&'static str>), String> {
    let mut text = String::new();
    let sizes = section.files().iter().map(|file| Ok(read(root, &file.source())?.len()));
    // As HTML a program is a third larger.
    let code = sizes.sum::<Result<usize, String>>()? * 4 / 3;
    let mut room = ROOM.saturating_sub(code);
    let mut unknown = Vec::new();
    for file in section.files() {
        let krate = file.krate;
        let readme = read(root, &format!("crates/sections/{krate}/README.md"))?;
        let recorded = recorded::of(root, *file);
        let own = recorded.as_ref().and_then(Recorded::printed);
        // Recording makes a future larger. A program that prints such a size has other lines.
        let own = own.filter(|lines| lines.is_empty() || has_lines(&readme, krate, lines));
        text += &program(root, *file, recorded.as_ref(), &mut room, own)?;
        if own.is_none() && !file.on_request && !unknown.contains(&krate) {
            unknown.push(krate);
        }
    }
    Ok((text, unknown))
}

/// The bytes that timelines and programs may take on a page: with all else it stays below 200 KB.
const ROOM: usize = 150_000;

/// The claim, what the program does, the program, the commands for it, what it prints, and the tests that
/// prove it.
fn program(
    root: &Path,
    file: File,
    recorded: Option<&Recorded>,
    room: &mut usize,
    prints: Option<&str>,
) -> Result<String, String> {
    let source = read(root, &file.source())?;
    let (program, tests) = split(&source);
    let claim = tour::header(program).map_or("", |(_, claim)| claim);
    let File { krate, name, .. } = file;
    let commands = format!(
        "$ cargo run -p {krate} -- {name}\n\
         $ cargo run -- copy {krate}/{name} ../my-new-app\n\
         $ cargo run -- timeline {krate} {name} --html run.html"
    );
    let mut text = format!("## `{krate}/{name}`\n\n{claim}\n\n");
    if let Some(Recorded { timeline, .. }) = recorded {
        match room.checked_sub(timeline.len()) {
            Some(left) => {
                *room = left;
                text += &format!("{timeline}\n");
            }
            None => text += &left_out(file),
        }
    }
    text += &block("rust", program);
    text += &format!("\n{}\n", block("console", &commands));
    if let Some(lines) = prints.filter(|lines| !lines.is_empty()) {
        text += &shown("It prints", &block("text", lines), lines);
    }
    if !tests.is_empty() {
        text += &folded("The tests that prove it", &block("rust", tests));
    }
    Ok(text)
}

/// In place of a timeline for which a page has no room.
fn left_out(File { krate, name, .. }: File) -> String {
    format!(
        "This program takes more steps than a page has room for: \
         `cargo run -- timeline {krate} {name} --html run.html` writes them on one of their own.\n\n"
    )
}

/// Shows a few lines at once, and folds many.
fn shown(what: &str, block: &str, lines: &str) -> String {
    match lines.lines().count() {
        0..=12 => format!("{what}:\n\n{block}\n"),
        count => folded(&format!("{what}: {count} lines"), block),
    }
}

/// Returns what all programs of the crate print, as its README shows it and a test compares it.
fn outputs(readme: &str, krate: &str, path: &str) -> String {
    let to = links::between(path, &links::krate(krate));
    let mut text = format!("## What all programs of [`{krate}`]({to}) print\n\n");
    for printed in printed(readme) {
        let shown = block("console", &format!("$ {}\n{}", printed.command, printed.lines));
        text += &self::shown(&format!("<code>{}</code>", printed.command), &shown, printed.lines);
    }
    text
}

/// The points of the crate's README that are about this section.
fn differ_in(
    readme: &str,
    krate: &str,
    document: &Document,
    section: &Section,
    path: &str,
) -> String {
    let [guide, deep_dive] = documents();
    let has = |document: &Document| {
        let own = document.section(section.id).map_or(&[][..], Section::files);
        own.iter().any(|file| file.krate == krate)
    };
    let bare = if has(guide) { guide.name } else { deep_dive.name };
    let points = differences(readme).into_iter();
    let points = points.filter(|point| is_about(point, document.name, section.id, bare));
    let origin = format!("crates/sections/{krate}/README.md");
    points.map(|point| format!("- {}\n", links::moved(&point, &origin, path))).collect()
}

fn exercises(section: &Section, path: &str) -> String {
    let link =
        |name: &str| format!("- [`{name}`]({})\n", links::between(path, &links::exercise(name)));
    let all: String = section.exercises().map(|exercise| link(exercise.name)).collect();
    if all.is_empty() { all } else { format!("## Exercises\n\n{all}\n") }
}

/// The recipes for it, the problems it shows, and the other sections with the same programs.
fn elsewhere(document: &Document, section: &Section, path: &str) -> String {
    let mut text = String::new();
    for recipe in recipes() {
        let taught = |place: &&str| **place == format!("{} {}", document.name, section.id);
        if recipe.sections.iter().any(taught) {
            let to = links::between(path, &links::recipe(recipe.name));
            text += &format!("- To take to work: [{}]({to})\n", recipe.problem.en);
        }
    }
    for (other, place) in section.files().iter().flat_map(File::places) {
        let link = document::entry(other, place, path, "").replacen("- ", "", 1);
        let line = format!("- The {}, {link}", other.name);
        if !std::ptr::eq(place, section) && !text.contains(&line) {
            text += &line;
        }
    }
    let shows = |file: &File| section.files().contains(file);
    for problem in problems().iter().filter(|it| it.programs.first().is_some_and(shows)) {
        let to = links::between(path, "problems.md");
        text += &format!("- [The problem]({to}): {}\n", problem.problem.en);
    }
    if text.is_empty() { text } else { format!("## Read on\n\n{text}\n") }
}
