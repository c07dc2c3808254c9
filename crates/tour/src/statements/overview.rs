//! How many statements of each chapter have which verdict, on two screens.

use crate::map::{Document, Section, Statement, Verdict};
use crate::screen::{Screen, cut};
use anstyle::{AnsiColor, Style};
use tour::Text;
use unicode_width::UnicodeWidthStr;

const TITLE: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const WRONG: Style = AnsiColor::Yellow.on_default();

/// The widest verdict, and a gap.
const CELL: usize = 10;

/// A column each. The last has what is neither right nor wrong.
const COLUMNS: [(Text, &[Verdict]); 4] = [
    (Text::new("true", "正しい"), &[Verdict::True]),
    (Text::new("imprecise", "不正確"), &[Verdict::Imprecise]),
    (Text::new("wrong", "誤り"), &[Verdict::Wrong]),
    (
        Text::new("other", "その他"),
        &[
            Verdict::DoesNotCompile,
            Verdict::Racy,
            Verdict::Outdated,
            Verdict::Opinion,
            Verdict::Unproven,
        ],
    ),
];

const FOOTER: [(&str, Text); 5] = [
    (
        "cargo run -- statements --section 4",
        Text::new("those of a chapter, or of a section", "ある章または節の記述"),
    ),
    ("cargo run -- statements guide", Text::new("those of a document", "一方の文書の記述")),
    ("cargo run -- statements --wrong", Text::new("what does not hold", "成り立たない記述")),
    (
        "cargo run -- statements --id G-4.1-1",
        Text::new("one, with what proves it", "1 件とその根拠"),
    ),
    ("cargo run -- statements --json", Text::new("all, for a program", "全件(プログラム用)")),
];

pub fn overview(map: &[Document], screen: Screen) -> String {
    let Screen { width, language, .. } = screen;
    let names = COLUMNS.map(|(name, _)| language.of(name).to_string());
    let mut text = row("", &names, width, DIM);
    for document in map {
        text += &row(document.called(language), &counts(document.statements()), width, TITLE);
        let ledger: Vec<&Section> = document.ledger().collect();
        for chapter in document.sections.iter().filter(|section| !has_parent(document, section)) {
            let own = ledger.iter().filter(|it| it.id == chapter.id || it.is_part_of(chapter));
            let statements: Vec<&Statement> = own.flat_map(|it| &it.statements).collect();
            if !statements.is_empty() {
                let title = format!("  {}", chapter.title());
                text += &row(&title, &counts(statements.into_iter()), width, Style::new());
            }
        }
    }
    text += "\n";
    for (command, what) in FOOTER {
        text += &format!(
            "{command:38}{DIM}{}{DIM:#}\n",
            cut(language.of(what), width.saturating_sub(38))
        );
    }
    text
}

fn has_parent(document: &Document, section: &Section) -> bool {
    document.sections.iter().any(|other| section.is_part_of(other))
}

/// `–` for none.
fn counts<'a>(statements: impl Iterator<Item = &'a Statement> + Clone) -> [String; 4] {
    COLUMNS.map(|(_, verdicts)| {
        match statements.clone().filter(|it| verdicts.contains(&it.verdict)).count() {
            0 => "–".into(),
            count => count.to_string(),
        }
    })
}

fn row(title: &str, cells: &[String; 4], width: usize, style: Style) -> String {
    let room = width.saturating_sub(CELL * cells.len());
    let title = cut(title, room.saturating_sub(1));
    let gap = " ".repeat(room.saturating_sub(title.width()));
    let mut text = format!("{style}{title}{style:#}{gap}");
    for (cell, (_, verdicts)) in cells.iter().zip(COLUMNS) {
        let style = if verdicts == [Verdict::Wrong] && cell != "–" { WRONG } else { style };
        let gap = " ".repeat(CELL.saturating_sub(cell.width()));
        text += &format!("{gap}{style}{cell}{style:#}");
    }
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::documents;
    use tour::Language;

    fn plain(width: usize) -> String {
        said(Screen { width, ..Screen::PIPE })
    }

    fn said(screen: Screen) -> String {
        anstream::adapter::strip_str(&overview(documents(), screen)).to_string()
    }

    #[test]
    fn it_is_two_screens_of_80_columns() {
        let text = plain(80);
        assert!(text.lines().count() <= 2 * 24 - 2, "{} lines", text.lines().count());
        assert!(text.lines().all(|line| line.width() <= 80), "{text}");
        assert!(plain(70).lines().all(|line| line.width() <= 70));
        let japanese = said(Screen { language: Language::Japanese, ..Screen::PIPE });
        assert!(japanese.contains("正しい    不正確      誤り    その他\n"), "{japanese}");
        assert!(japanese.lines().all(|line| line.width() <= 80), "{japanese}");
    }

    /// The statements before the first chapter belong to no chapter.
    #[test]
    fn the_chapters_add_up_to_their_document() {
        let text = plain(80);
        let count = |line: &str| {
            let cells = line.split_whitespace().rev().take(4);
            cells.map(|cell| cell.parse().unwrap_or(0)).sum::<usize>()
        };
        for document in documents() {
            let lines = text.lines().skip_while(|line| !line.starts_with(document.name));
            let sum: usize =
                lines.skip(1).take_while(|line| line.starts_with("  ")).map(count).sum();
            let said = |it: &&Statement| it.verdict != Verdict::Unsaid;
            let before = document.before.iter().flat_map(|it| &it.statements).filter(said).count();
            assert_eq!(sum + before, document.statements().filter(said).count(), "{text}");
        }
    }
}
