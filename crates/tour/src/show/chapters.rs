//! The chapters of both documents, on two screens.

use super::{CHAPTER, DIM, TITLE, padded};
use crate::map::{Content, Document, Section};
use crate::screen::cut;
use std::fmt::Write;

const FOOTER: [(&str, &str); 7] = [
    ("cargo run -- guide 4.1", "runs a section, or a chapter: `guide 4`"),
    ("cargo run -- map 4", "its sections; `map guide`: all of them"),
    ("cargo run -- find \"retry with backoff\"", "searches by problem"),
    ("cargo run -- copy retry ../my-app", "puts a recipe into your package"),
    ("cargo run -- statements --wrong", "what the documents have wrong"),
    ("cargo run -- quiz", "asks what would happen, and proves it"),
    ("cargo run -- --help", "the rest, and tab completion"),
];

/// The widest number that is shown, `TL;DR`, and a gap.
const ID: usize = 7;
/// The widest size, `11.1–11.6, 31 programs`, and a gap.
const SIZE: usize = 24;
/// The widest command of the footer, and a gap.
const COMMAND: usize = 40;

/// A line for each chapter.
pub fn chapters(map: &[Document], width: usize) -> String {
    let mut text = String::new();
    for document in map {
        let _ = writeln!(text, "{TITLE}{}{TITLE:#}", cut(document.title, width));
        let is_chapter = |section: &&Section| {
            let is_part = document.sections.iter().any(|other| section.is_part_of(other));
            !is_part && section.content != Content::Prose
        };
        for chapter in document.sections.iter().filter(is_chapter) {
            text += &line(document, chapter, width);
        }
        text += "\n";
    }
    for (command, what) in FOOTER {
        let command = padded(command, COMMAND);
        let what = cut(what, width.saturating_sub(COMMAND));
        let _ = writeln!(text, "{command}{DIM}{what}{DIM:#}");
    }
    text
}

fn line(document: &Document, chapter: &Section, width: usize) -> String {
    let heading = width.saturating_sub(2 + ID + SIZE);
    // What has no number is not shown twice.
    let id = if chapter.id == chapter.heading { "" } else { chapter.id };
    let text = padded(&cut(chapter.heading, heading.saturating_sub(1)), heading);
    let size = cut(&size(document, chapter), SIZE);
    format!("  {}{CHAPTER}{text}{CHAPTER:#}{DIM}{size}{DIM:#}\n", padded(id, ID))
}

/// `4.1–4.5, 9 programs`.
fn size(document: &Document, chapter: &Section) -> String {
    let parts: Vec<&Section> = document.within(chapter).collect();
    let mut files: Vec<_> = parts.iter().flat_map(|part| part.files()).collect();
    files.sort();
    files.dedup();
    let programs = match files.len() {
        0 => String::new(),
        1 => "1 program".into(),
        count => format!("{count} programs"),
    };
    let range = match &parts[1..] {
        [] => chapter.command.or(chapter.script).filter(|_| files.is_empty()).unwrap_or("").into(),
        [one] => one.id.to_string(),
        [one, two] => format!("{}, {}", one.id, two.id),
        [first, .., last] => format!("{}–{}", first.id, last.id),
    };
    let both = [range, programs];
    both.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
}
