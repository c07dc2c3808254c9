//! The ledger for the terminal.

use super::{Part, commands};
use crate::map::{Document, Statement, Verdict};
use crate::screen::{Screen, wrap};
use anstyle::{AnsiColor, Style};
use tour::Language;
use unicode_width::UnicodeWidthStr;

const TITLE: Style = Style::new().bold().underline();
const ID: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const INDENT: &str = "    ";

fn style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::True => AnsiColor::Green.on_default(),
        Verdict::Wrong | Verdict::DoesNotCompile => AnsiColor::Red.on_default(),
        Verdict::Imprecise | Verdict::Racy | Verdict::Outdated => AnsiColor::Yellow.on_default(),
        Verdict::Opinion | Verdict::Unproven | Verdict::Unsaid => Style::new(),
    }
}

/// How many of which verdict, then every statement below its section. No line is wider than
/// `width`, but for a command: broken it could not be copied.
pub fn shown(map: &[Document], parts: &[Part<'_>], screen: Screen) -> String {
    let Screen { width, language, .. } = screen;
    if parts.is_empty() {
        let nothing = "No statement matches all of these words.\n";
        return language.either(nothing, "すべてに当てはまる記述はない。\n").to_string();
    }
    let mut text = summary(parts, language);
    for Part { document, section, statements } in parts {
        text += &format!("\n{TITLE}{} {}{TITLE:#}\n", document.called(language), section.title());
        text += &indented(language.of(section.note), width, Style::new());
        for statement in statements {
            text += &one(map, statement, screen);
        }
    }
    text
}

fn one(map: &[Document], statement: &Statement, screen: Screen) -> String {
    let Screen { width, language, .. } = screen;
    let Statement { verdict, twins, says, holds, proofs, .. } = statement;
    let mut text = first_line(statement, screen);
    text += &indented(language.of(*says), width, Style::new());
    if !holds.is_empty() {
        text += &indented(&format!("→ {}", language.of(*holds)), width, style(*verdict));
    }
    if !twins.is_empty() {
        let twins = twins.join(", ");
        let same =
            language.either(format!("The same as {twins}."), format!("{twins} と同じ内容。"));
        text += &indented(&same, width, DIM);
    }
    // All cases have one command, which does not name them.
    let cases = proofs.iter().filter_map(|proof| proof.case()).map(String::from);
    for line in cases.chain(commands(map, statement)) {
        text += &format!("{INDENT}{DIM}{line}{DIM:#}\n");
    }
    text
}

/// `G-4.1-1  true, since Rust 1.85  「A完了」`, or the place on a line of its own if it is too long.
fn first_line(statement: &Statement, screen: Screen) -> String {
    let Statement { id, verdict, at, since, .. } = statement;
    let (language, style) = (screen.language, style(*verdict));
    let label = language.of(verdict.label());
    let since = match (since.is_empty(), language) {
        (true, _) => String::new(),
        (false, Language::English) => format!(", since {since}"),
        (false, Language::Japanese) => format!("({since} 以降)"),
    };
    let place = if at.is_empty() { String::new() } else { format!("「{at}」") };
    let own = format!("{id}  {label}{since}");
    let gap = match own.width() + 2 + place.width() <= screen.width {
        true if place.is_empty() => "",
        true => "  ",
        false => "\n    ",
    };
    format!("\n{ID}{id}{ID:#}  {style}{label}{style:#}{since}{gap}{DIM}{place}{DIM:#}\n")
}

fn indented(paragraph: &str, width: usize, style: Style) -> String {
    let lines = wrap(paragraph, width.saturating_sub(INDENT.len()));
    let lines = lines.iter().filter(|line| !line.is_empty());
    lines.map(|line| format!("{INDENT}{style}{line}{style:#}\n")).collect()
}

/// A line for each verdict that is there, a column for each document.
fn summary(parts: &[Part<'_>], language: Language) -> String {
    let mut documents: Vec<_> = parts.iter().map(|part| part.document).collect();
    documents.dedup_by_key(|document| document.name);
    let names = documents.iter().map(|document| document.called(language));
    // Characters of Japanese take two columns each, which `{:>11}` does not know.
    let cell = |name: &str| " ".repeat(11_usize.saturating_sub(name.width())) + name;
    let header: String = names.map(cell).collect();
    let mut text = format!("{DIM}{:18}{header}{DIM:#}\n", "");
    for verdict in Verdict::each() {
        let counts = documents.iter().map(|document| {
            let parts = parts.iter().filter(|part| part.document.name == document.name);
            let statements = parts.flat_map(|part| &part.statements);
            statements.filter(|statement| statement.verdict == verdict).count()
        });
        let counts: Vec<_> = counts.collect();
        if counts.iter().any(|count| *count > 0) {
            let cells: String = counts.iter().map(|count| format!("{count:>11}")).collect();
            let label = language.of(verdict.label());
            let gap = " ".repeat(18_usize.saturating_sub(label.width()));
            text += &format!("{label}{gap}{cells}\n");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::{Filter, chosen};
    use super::*;
    use crate::map::documents;
    use tour::Text;

    fn plain(filter: &Filter, language: Language) -> String {
        let parts = chosen(documents(), filter).unwrap();
        let screen = Screen { width: 100, language, ..Screen::PIPE };
        anstream::adapter::strip_str(&shown(documents(), &parts, screen)).to_string()
    }

    #[test]
    fn only_a_command_is_wider_than_asked() {
        for language in [Language::English, Language::Japanese] {
            let text = plain(&Filter::default(), language);
            let wide = |line: &&str| line.width() > 100 && !line.starts_with("    cargo ");
            assert_eq!(text.lines().filter(wide).collect::<Vec<_>>(), Vec::<&str>::new());
        }
    }

    #[test]
    fn the_summary_counts_every_statement() {
        let text = plain(&Filter::default(), Language::English);
        let (summary, _) = text.split_once("\n\n").unwrap();
        let counts = summary.lines().skip(1).map(|line| {
            let mut cells =
                line.split_whitespace().skip(1).map(|cell| cell.parse::<usize>().unwrap());
            [cells.next().unwrap(), cells.next().unwrap()]
        });
        let sums =
            counts.fold([0, 0], |sums: [usize; 2], row| [sums[0] + row[0], sums[1] + row[1]]);
        assert_eq!(sums, [0, 1].map(|at| documents()[at].statements().count()));
        assert!(summary.lines().all(|line| line.width() < 80), "{summary}");
    }

    #[test]
    fn a_statement_is_followed_by_what_holds_and_what_shows_it() {
        let filter = Filter { id: Some("g-4.4-3".into()), ..Filter::default() };
        let text = plain(&filter, Language::English);
        let (_, statement) = text.split_once("\nG-4.4-3  imprecise").unwrap();
        let lines: Vec<_> = statement.lines().skip(1).collect();
        assert!(lines[0].starts_with("    "), "{text}");
        assert!(lines.iter().any(|line| line.starts_with("    → ")), "{text}");
        assert!(lines.iter().any(|line| line.starts_with("    cargo run -p join-select -- ")));
        assert!(lines.iter().any(|line| line.starts_with("    cargo test -p join-select ")));
    }

    #[test]
    fn a_statement_says_where_it_stands_in_the_words_of_the_document() {
        let statement = |at, since| Statement {
            id: "G-1-1",
            verdict: Verdict::True,
            twins: Vec::new(),
            at,
            says: Text::new("It is so.", "そのとおり。"),
            holds: Text::default(),
            proofs: Vec::new(),
            since,
        };
        let first = |at, since, language| {
            let line = first_line(&statement(at, since), Screen { language, ..Screen::PIPE });
            anstream::adapter::strip_str(&line).to_string()
        };
        let (english, japanese) = (Language::English, Language::Japanese);
        assert_eq!(first("10K接続", "", english), "\nG-1-1  true  「10K接続」\n");
        let expected = "\nG-1-1  正しい(Tokio 1.51 以降)  「10K接続」\n";
        assert_eq!(first("10K接続", "Tokio 1.51", japanese), expected);
        assert_eq!(first("", "", japanese), "\nG-1-1  正しい\n");
        let long = first(
            "文書の中の二十文字までの長い目印です",
            "Tokio 1.51.0, but not 1.51.2 and 1.51.3",
            english,
        );
        assert!(long.ends_with("\n    「文書の中の二十文字までの長い目印です」\n"), "{long}");
    }
}
