//! The chapters of both documents, on two screens.

use super::{CHAPTER, DIM, TITLE, padded};
use crate::map::{Content, Document, Section};
use crate::screen::{Screen, cut};
use std::fmt::Write;
use tour::{Language, Text};

const FOOTER: [(&str, Text); 7] = [
    (
        "cargo run -- guide 4.1",
        Text::new("runs a section, or a chapter: `guide 4`", "節を実行する(章なら `guide 4`)"),
    ),
    (
        "cargo run -- map 4",
        Text::new("its sections; `map guide`: all of them", "章の節一覧(`map guide` で全部)"),
    ),
    (
        "cargo run -- find \"retry with backoff\"",
        Text::new("searches by problem", "困りごとから探す"),
    ),
    (
        "cargo run -- copy retry ../my-app",
        Text::new("puts a recipe into your package", "レシピを自分のパッケージに入れる"),
    ),
    ("cargo run -- statements --wrong", Text::new("what the documents have wrong", "文書の誤り")),
    (
        "cargo run -- quiz",
        Text::new("asks what would happen, and proves it", "何が起こるかを問い、実証する"),
    ),
    ("cargo run -- --help", Text::new("the rest, and tab completion", "その他と Tab 補完")),
];

/// The widest number that is shown, `TL;DR`, and a gap.
const ID: usize = 7;
/// The widest size, `11.1–11.6, 31 programs`, and a gap.
const SIZE: usize = 24;
/// The widest command of the footer, and a gap.
const COMMAND: usize = 40;

/// A line for each chapter.
pub fn chapters(map: &[Document], screen: Screen) -> String {
    let Screen { width, language, .. } = screen;
    let mut text = String::new();
    for document in map {
        let _ = writeln!(text, "{TITLE}{}{TITLE:#}", cut(document.title, width));
        let is_chapter = |section: &&Section| {
            let is_part = document.sections.iter().any(|other| section.is_part_of(other));
            !is_part && section.content != Content::Prose
        };
        for chapter in document.sections.iter().filter(is_chapter) {
            text += &line(document, chapter, screen);
        }
        text += "\n";
    }
    for (command, what) in FOOTER {
        let command = padded(command, COMMAND);
        let what = cut(language.of(what), width.saturating_sub(COMMAND));
        let _ = writeln!(text, "{command}{DIM}{what}{DIM:#}");
    }
    text
}

fn line(document: &Document, chapter: &Section, screen: Screen) -> String {
    let Screen { width, language, .. } = screen;
    let heading = width.saturating_sub(2 + ID + SIZE);
    // What has no number is not shown twice.
    let id = if chapter.id == chapter.heading { "" } else { chapter.id };
    let text = padded(&cut(chapter.heading, heading.saturating_sub(1)), heading);
    let size = cut(&size(document, chapter, language), SIZE);
    format!("  {}{CHAPTER}{text}{CHAPTER:#}{DIM}{size}{DIM:#}\n", padded(id, ID))
}

/// `4.1–4.5, 9 programs`, `4.1–4.5, 9 本`.
fn size(document: &Document, chapter: &Section, language: Language) -> String {
    let parts: Vec<&Section> = document.within(chapter).collect();
    let mut files: Vec<_> = parts.iter().flat_map(|part| part.files()).collect();
    files.sort();
    files.dedup();
    let programs = match files.len() {
        0 => String::new(),
        1 => language.either("1 program", "1 本").into(),
        count => format!("{count} {}", language.either("programs", "本")),
    };
    let range = match &parts[1..] {
        [] => {
            let itself = chapter.command.or(chapter.scripts.first().copied());
            itself.filter(|_| files.is_empty()).unwrap_or("").into()
        }
        [one] => one.id.to_string(),
        [one, two] => format!("{}, {}", one.id, two.id),
        [first, .., last] => format!("{}–{}", first.id, last.id),
    };
    let both = [range, programs];
    both.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
}
