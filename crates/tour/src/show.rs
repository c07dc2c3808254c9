//! The map on paper or on a terminal: one table for each document.

use crate::map::{Content, Document, Section};
use crate::run::{self, Package, packages};
use anstyle::Style;
use std::borrow::Cow;
use std::fmt::Write;
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};
use unicode_width::UnicodeWidthStr;

const TITLE: Style = Style::new().bold().underline();
const HEADER: Style = Style::new().dimmed();
const CHAPTER: Style = Style::new().bold();

const COLUMNS: usize = 4;
const HEADERS: [&str; COLUMNS] = ["section", "heading", "what one sees", "command"];
/// A column is not wrapped below this: a section's number and its shortest command stay whole.
/// A terminal too narrow for that wraps by itself.
const NARROWEST: [usize; COLUMNS] = [7, 12, 12, 29];
const GAP: usize = 2;

const FOOTER: &str = "\
cargo run -- copy with_timeout ../my-app   makes a package of one snippet
cargo run -- statements --wrong            says what the documents have wrong
cargo run -- quiz                          asks what would happen, and proves it
cargo run -- completions bash              tab completion for your shell
cargo run -- --help                        says the rest
";

/// The columns of the terminal on stdout. A file or a pipe has none.
pub fn terminal_width() -> Option<usize> {
    let (width, _height) = terminal_size::terminal_size_of(std::io::stdout())?;
    Some(width.0.into())
}

/// Its lines.
pub fn terminal_height() -> Option<usize> {
    let (_width, height) = terminal_size::terminal_size_of(std::io::stdout())?;
    Some(height.0.into())
}

/// Both documents and the footer, at most `width` columns wide.
pub fn whole(map: &[Document], width: Option<usize>) -> String {
    let tables: String = map.iter().map(|document| table(document, width)).collect();
    tables + FOOTER
}

fn table(document: &Document, width: Option<usize>) -> String {
    // One line for a section, to be searched, or one for each command, to be copied.
    let between = if width.is_none() { " or " } else { "\n" };
    let sections = document.sections.iter();
    let rows: Vec<_> = sections.map(|section| cells(document, section, between)).collect();
    let widths = widths(&rows, width);
    let mut text = format!("{TITLE}{}{TITLE:#}\n\n", document.title);
    write_row(&mut text, &HEADERS.map(String::from), &widths, HEADER);
    for (section, cells) in document.sections.iter().zip(&rows) {
        let is_chapter = section.content == Content::Chapter;
        let style = if is_chapter { CHAPTER } else { Style::new() };
        write_row(&mut text, cells, &widths, style);
    }
    text + "\n"
}

fn cells(document: &Document, section: &Section, between: &str) -> [String; COLUMNS] {
    // What has no number is not shown twice.
    let has_number = section.id != section.heading;
    let id = if has_number { section.id } else { "" };
    let what = match section.content {
        Content::Chapter => "",
        Content::Programs(_) => section.shows,
        Content::Prose => "– prose",
    };
    let commands = commands(document, section).join(between);
    [id.into(), section.heading.into(), what.into(), commands]
}

/// By number and, the same without the tour, by name.
fn commands(document: &Document, section: &Section) -> Vec<String> {
    let mut ways = Vec::new();
    if document.runs(section) {
        ways.push(run::by_number(document, section));
    }
    ways.extend(section.command.map(|command| format!("cargo run -- {command}")));
    for Package { krate, own, asked } in packages(section.files()) {
        if !own.is_empty() {
            ways.push(format!("cargo run -p {krate} -- {}", own.join(" ")));
        }
        let named = |file| format!("cargo run -p {krate} -- {file} (on request)");
        ways.extend(asked.into_iter().map(named));
    }
    let note = if section.is_a_script() { "" } else { " (on request)" };
    ways.extend(section.script.map(|script| format!("{script}{note}")));
    ways
}

/// As wide as the cells, then the widest that may wrap is narrowed until all fit.
fn widths(rows: &[[String; COLUMNS]], limit: Option<usize>) -> [usize; COLUMNS] {
    let mut widths = HEADERS.map(UnicodeWidthStr::width);
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            let lines = cell.lines().map(UnicodeWidthStr::width);
            *width = lines.fold(*width, usize::max);
        }
    }
    let gaps = GAP * (widths.len() - 1);
    while limit.is_some_and(|limit| widths.iter().sum::<usize>() + gaps > limit) {
        let wider = widths.iter_mut().zip(NARROWEST).filter(|(width, least)| **width > *least);
        let Some((widest, _)) = wider.max_by_key(|(width, _)| **width) else {
            break;
        };
        *widest -= 1;
    }
    widths
}

fn write_row(
    text: &mut String,
    cells: &[String; COLUMNS],
    widths: &[usize; COLUMNS],
    style: Style,
) {
    let mut columns = Vec::new();
    for (cell, width) in cells.iter().zip(widths) {
        columns.push(wrap(cell, *width));
    }
    for line in 0..columns.iter().map(Vec::len).max().unwrap_or(0) {
        let mut row = String::new();
        for (column, width) in columns.iter().zip(widths) {
            let part = column.get(line).map_or("", |part| part);
            // `{:width$}` would count characters, of which a Japanese one takes two columns.
            row += part;
            row += &" ".repeat((width + GAP).saturating_sub(part.width()));
        }
        // Writing to a string does not fail.
        let _ = writeln!(text, "{style}{}{style:#}", row.trim_end());
    }
}

/// The lines of `text`, each in lines of at most `width` columns: broken at spaces, and within a
/// word that is longer than a line, as Japanese sentences are.
pub fn wrap(text: &str, width: usize) -> Vec<Cow<'_, str>> {
    let options = Options::new(width).word_separator(WordSeparator::AsciiSpace);
    let options = options.word_splitter(WordSplitter::NoHyphenation);
    textwrap::wrap(text, options.wrap_algorithm(WrapAlgorithm::FirstFit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::{File, documents};

    fn plain(width: Option<usize>) -> String {
        anstream::adapter::strip_str(&whole(documents(), width)).to_string()
    }

    #[test]
    fn in_a_pipe_every_section_is_one_line() {
        let rows: usize = documents().iter().map(|document| document.sections.len()).sum();
        // For each document: its title, an empty line, the header, an empty line.
        assert_eq!(plain(None).lines().count(), rows + 2 * 4 + FOOTER.lines().count());
    }

    #[test]
    fn columns_line_up_under_japanese_headings() {
        for document in documents() {
            let text = table(document, None);
            let text = anstream::adapter::strip_str(&text).to_string();
            let command = format!("cargo run -- {}", document.command);
            let offsets = text.lines().filter_map(|line| line.split_once(&command));
            let mut offsets: Vec<_> = offsets.map(|(before, _)| before.width()).collect();
            let header = text.lines().nth(2).unwrap();
            offsets.push(header.split_once("command").unwrap().0.width());
            assert!(offsets.len() > 2);
            offsets.dedup();
            assert_eq!(offsets.len(), 1, "{text}");
        }
    }

    #[test]
    fn on_a_terminal_no_line_is_wider_than_it() {
        for width in [80, 100, 120, 160] {
            let text = plain(Some(width));
            let widest = text.lines().map(UnicodeWidthStr::width).max().unwrap();
            assert!(widest <= width, "{widest} in {width} columns:\n{text}");
        }
    }

    #[test]
    fn a_narrow_terminal_loses_no_letter() {
        let letters = |text: &str| {
            let mut letters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
            letters.sort_unstable();
            letters
        };
        assert_eq!(letters(&plain(Some(80))), letters(&plain(Some(1000))));
    }

    #[test]
    fn text_breaks_at_spaces_and_a_long_word_between_letters() {
        assert_eq!(wrap("one two three\nfour", 7), ["one two", "three", "four"]);
        assert_eq!(wrap("なぜ非同期が必要なのか", 9), ["なぜ非同", "期が必要", "なのか"]);
        assert_eq!(wrap("Future trait の核心", 12), ["Future trait", "の核心"]);
        assert_eq!(wrap("", 5), [""]);
    }

    #[test]
    fn what_the_tour_shows_itself_has_its_command() {
        let [_, deep_dive] = documents();
        assert_eq!(
            commands(deep_dive, deep_dive.section("17").unwrap()),
            ["cargo run -- deep-dive 17", "cargo run -- roadmap"]
        );
    }

    /// A shell would take what follows a semicolon for a command.
    #[test]
    fn a_number_that_a_shell_would_split_is_quoted() {
        let [_, deep_dive] = documents();
        let ways = commands(deep_dive, deep_dive.section("tl;dr").unwrap());
        let quote = if cfg!(windows) { '"' } else { '\'' };
        assert_eq!(ways[0], format!("cargo run -- deep-dive {quote}TL;DR{quote}"));
    }

    #[test]
    fn a_script_is_a_command_too() {
        let [_, deep_dive] = documents();
        assert_eq!(
            commands(deep_dive, deep_dive.section("12.3").unwrap()),
            ["cargo run -- deep-dive 12.3", "scripts/flamegraph blocking-work measure"]
        );
        let last = commands(deep_dive, deep_dive.section("13").unwrap()).pop();
        assert_eq!(last.unwrap(), "scripts/size (on request)");
    }

    #[test]
    fn a_part_on_request_is_told_from_the_others() {
        let [guide, _] = documents();
        assert_eq!(
            commands(guide, guide.section("10.1").unwrap()),
            [
                "cargo run -- guide 10.1",
                "cargo run -p graceful-shutdown -- watch_channel",
                "cargo run -p graceful-shutdown -- tcp_server (on request)",
            ]
        );
        // All of it is on request: the tour does not run it.
        let file = File { krate: "a", name: "server", on_request: true };
        let content = Content::Programs(vec![file]);
        let section = Section { id: "1", content, ..Section::default() };
        let sections = vec![section];
        let (command, name, title) = ("guide", "guide", "title");
        let document = Document { command, name, title, before: None, sections };
        assert_eq!(
            commands(&document, &document.sections[0]),
            ["cargo run -p a -- server (on request)"]
        );
    }
}
