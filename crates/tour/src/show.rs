//! The map: the chapters of both documents, or the sections of some.

mod chapters;
mod sections;

pub use chapters::chapters;

use crate::failure::Failure;
use crate::find::or_find;
use crate::map::Document;
use crate::screen::Screen;
use crate::suggested::Suggested;
use anstyle::Style;
use clap::{Arg, Command};
use unicode_width::UnicodeWidthStr;

const TITLE: Style = Style::new().bold().underline();
const CHAPTER: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// `map` on the command line.
pub fn command(map: &[Document]) -> Command {
    let sections = map.iter().flat_map(|document| &document.sections);
    let ids = sections.map(|section| section.id);
    let names = map.iter().map(|document| document.command);
    Command::new("map").about("Shows the chapters, or the sections of one: `map 4`").arg(
        Arg::new("part")
            .value_name("PART")
            .num_args(1..)
            .hide_possible_values(true)
            .value_parser(Suggested::new(names.chain(ids)))
            .help("`4` or `4.1` of both documents, `guide` or `deep-dive`, or `guide 4`"),
    )
}

/// Shows what `parts` name: documents, and chapters or sections of these, or of both.
pub fn shown(map: &[Document], parts: &[String], screen: Screen) -> Result<String, Failure> {
    let document = |part: &&String| map.iter().find(|it| it.command.eq_ignore_ascii_case(part));
    let named: Vec<&Document> = parts.iter().filter_map(|part| document(&part)).collect();
    let documents = if named.is_empty() { map.iter().collect() } else { named };
    let ids: Vec<&String> = parts.iter().filter(|part| document(part).is_none()).collect();
    if ids.is_empty() {
        let all = documents.iter().map(|it| sections::sections(it, it.sections.iter(), screen));
        return Ok(all.collect());
    }
    let mut text = String::new();
    for id in ids {
        let found = documents.iter().filter_map(|it| Some((it, it.section(id)?)));
        let found: Vec<_> = found.collect();
        if found.is_empty() {
            let known = documents.iter().flat_map(|it| &it.sections).map(|section| section.id);
            let failure = Failure::wrong(format!("no section {id} is on the map"));
            return Err(or_find(failure.did_you_mean(id, known, "`cargo run` shows it"), id));
        }
        for (document, section) in found {
            text += &sections::sections(document, document.within(section), screen);
        }
    }
    Ok(text)
}

/// `{:width$}` would count characters, of which a Japanese one takes two columns.
fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::documents;
    use tour::Language;

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    fn shown(parts: &[&str]) -> String {
        let parts: Vec<_> = parts.iter().map(ToString::to_string).collect();
        plain(&super::shown(documents(), &parts, Screen::PIPE).unwrap())
    }

    #[test]
    fn the_chapters_are_two_screens_of_80_columns() {
        let both = [Language::English, Language::Japanese];
        let all = both.map(|language| [80, 100, 60].map(|width| (width, language)));
        for (width, language) in all.into_iter().flatten() {
            let screen = Screen { width, language, ..Screen::PIPE };
            let text = plain(&chapters(documents(), screen));
            let widest = text.lines().map(UnicodeWidthStr::width).max().unwrap();
            assert!(widest <= width, "{widest} in {width}:\n{text}");
            assert!(text.lines().count() <= 2 * 24 - 2, "{text}");
        }
        let text = plain(&chapters(documents(), Screen::PIPE));
        let rows = text.lines().filter(|line| line.starts_with("  "));
        // Ten chapters, the FAQ and the summary; the TL;DR and nineteen.
        assert_eq!(rows.count(), 12 + 20, "{text}");
        assert!(text.contains("4.1–4.5, "), "{text}");
    }

    #[test]
    fn every_section_is_shown_and_fits_80_columns() {
        let text = shown(&["guide", "deep-dive"]);
        let parts = ["guide", "deep-dive"].map(String::from);
        let screen = Screen { language: Language::Japanese, ..Screen::PIPE };
        let japanese = plain(&super::shown(documents(), &parts, screen).unwrap());
        for section in documents().iter().flat_map(|document| &document.sections) {
            let heading: String = section.heading.chars().take(20).collect();
            assert!(text.contains(&heading), "{}", section.heading);
        }
        let lines = text.lines().chain(japanese.lines());
        let wide: Vec<_> = lines.filter(|line| line.width() > 80).collect();
        assert!(wide.is_empty(), "{wide:#?}");
    }

    #[test]
    fn a_chapter_is_that_of_both_documents_or_of_the_one_that_is_named() {
        let both = shown(&["4"]);
        assert!(both.contains("guide 4 ") && both.contains("deep dive 4 "), "{both}");
        assert!(both.contains("\n4.1   join! と select!\n"), "{both}");
        let one = shown(&["guide", "4"]);
        assert!(one.contains("guide 4 ") && !one.contains("deep dive 4 "), "{one}");
        let section = shown(&["guide", "4.2"]);
        assert!(section.starts_with("4.2   "), "{section}");
        assert_eq!(shown(&["DEEP-DIVE", "tl;dr"]), shown(&["deep-dive", "TL;DR"]));
        // Not 10.1, 10.2, …
        assert!(!shown(&["1"]).contains("10.1"));
    }

    #[test]
    fn an_unknown_part_is_answered_with_what_is_near() {
        let refused = |part: &str| {
            let failure = super::shown(documents(), &[part.into()], Screen::PIPE).unwrap_err();
            format!("{failure:?}")
        };
        assert!(refused("4.11").contains("did you mean 4.1?"));
        assert!(refused("deadlock").contains("cargo run -- find deadlock"));
    }
}
