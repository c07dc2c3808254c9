//! The ledger for the terminal.

use super::{Part, commands};
use crate::map::{Document, Statement, Verdict};
use crate::screen::wrap;
use anstyle::{AnsiColor, Style};

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
pub fn shown(map: &[Document], parts: &[Part<'_>], width: usize) -> String {
    if parts.is_empty() {
        return "No statement is all of that.\n".to_string();
    }
    let mut text = summary(parts);
    for Part { document, section, statements } in parts {
        text += &format!("\n{TITLE}{} {}{TITLE:#}\n", document.name, section.title());
        text += &indented(section.note, width, Style::new());
        for statement in statements {
            text += &one(map, statement, width);
        }
    }
    text
}

fn one(map: &[Document], statement: &Statement, width: usize) -> String {
    let Statement { id, verdict, twins, says, holds, proofs, reason, since } = statement;
    let style = style(*verdict);
    let since = if since.is_empty() { String::new() } else { format!(", since {since}") };
    let mut text = format!("\n{ID}{id}{ID:#}  {style}{}{style:#}{since}\n", verdict.name());
    text += &indented(says, width, Style::new());
    if !holds.is_empty() {
        text += &indented(&format!("→ {holds}"), width, style);
    }
    if !twins.is_empty() {
        text += &indented(&format!("The same as {}.", twins.join(", ")), width, DIM);
    }
    if *reason != "–" {
        text += &indented(reason, width, DIM);
    }
    // All cases have one command, which does not name them.
    let cases = proofs.iter().filter_map(|proof| proof.case()).map(String::from);
    for line in cases.chain(commands(map, statement)) {
        text += &format!("{INDENT}{DIM}{line}{DIM:#}\n");
    }
    text
}

fn indented(paragraph: &str, width: usize, style: Style) -> String {
    let lines = wrap(paragraph, width.saturating_sub(INDENT.len()));
    let lines = lines.iter().filter(|line| !line.is_empty());
    lines.map(|line| format!("{INDENT}{style}{line}{style:#}\n")).collect()
}

/// A line for each verdict that is there, a column for each document.
fn summary(parts: &[Part<'_>]) -> String {
    let mut names: Vec<_> = parts.iter().map(|part| part.document.name).collect();
    names.dedup();
    let header: String = names.iter().map(|name| format!("{name:>11}")).collect();
    let mut text = format!("{DIM}{:18}{header}{DIM:#}\n", "");
    for verdict in Verdict::each() {
        let counts = names.iter().map(|name| {
            let parts = parts.iter().filter(|part| part.document.name == *name);
            let statements = parts.flat_map(|part| &part.statements);
            statements.filter(|statement| statement.verdict == verdict).count()
        });
        let counts: Vec<_> = counts.collect();
        if counts.iter().any(|count| *count > 0) {
            let cells: String = counts.iter().map(|count| format!("{count:>11}")).collect();
            text += &format!("{:18}{cells}\n", verdict.name());
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::{Filter, chosen};
    use super::*;
    use crate::map::documents;
    use unicode_width::UnicodeWidthStr;

    fn plain(filter: &Filter, width: usize) -> String {
        let parts = chosen(documents(), filter).unwrap();
        anstream::adapter::strip_str(&shown(documents(), &parts, width)).to_string()
    }

    #[test]
    fn only_a_command_is_wider_than_asked() {
        let text = plain(&Filter::default(), 100);
        let wide = |line: &&str| line.width() > 100 && !line.starts_with("    cargo ");
        assert_eq!(text.lines().filter(wide).collect::<Vec<_>>(), Vec::<&str>::new());
    }

    #[test]
    fn the_summary_counts_every_statement() {
        let text = plain(&Filter::default(), 100);
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
        let text = plain(&Filter { id: Some("g-4.4-3".into()), ..Filter::default() }, 100);
        let (_, statement) = text.split_once("\nG-4.4-3  imprecise\n").unwrap();
        let lines: Vec<_> = statement.lines().collect();
        assert!(lines[0].starts_with("    "), "{text}");
        assert!(lines.iter().any(|line| line.starts_with("    → ")), "{text}");
        assert!(lines.iter().any(|line| line.starts_with("    cargo run -p join-select -- ")));
        assert!(lines.iter().any(|line| line.starts_with("    cargo test -p join-select ")));
    }
}
