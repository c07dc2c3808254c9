//! A page of the document that is a list, each line with a program and, if it is wrong, the truth.
//!
//! A row is `| the document | program | what is true |`. Programs are as in the map, or `–`.

use crate::map::{self, File};
use crate::run::command;
use crate::show::wrap;
use crate::text::lf;
use anstyle::{AnsiColor, Style};

pub const CHEATSHEET: &str = include_str!("../pages/cheatsheet.md");
pub const ROADMAP: &str = include_str!("../pages/roadmap.md");

const TITLE: Style = Style::new().bold().underline();
const COMMAND: Style = Style::new().dimmed();
const TRUTH: Style = AnsiColor::Yellow.on_default();
const INDENT: &str = "    ";

#[derive(Debug, PartialEq)]
struct Line {
    /// The document's own, byte for byte.
    text: &'static str,
    files: Vec<File>,
    script: Option<&'static str>,
    /// Empty if the document is right.
    truth: &'static str,
}

/// `page` for the terminal: below each line its commands, and what is true instead.
pub fn shown(page: &'static str, width: usize) -> String {
    let (title, lines) = parse(page).expect("a test has parsed the pages");
    let mut text = format!("{TITLE}{title}{TITLE:#}\n");
    for line in lines {
        text += &format!("\n{}\n", line.text);
        let scripts = line.script.map(String::from);
        for command in line.files.iter().map(command).chain(scripts) {
            text += &format!("{INDENT}{COMMAND}{command}{COMMAND:#}\n");
        }
        let truth = if line.truth.is_empty() { "" } else { "→ " };
        for part in wrap(&format!("{truth}{}", line.truth), width.saturating_sub(INDENT.len())) {
            if !part.is_empty() {
                text += &format!("{INDENT}{TRUTH}{}{TRUTH:#}\n", part.trim_end());
            }
        }
    }
    text
}

fn parse(page: &'static str) -> Result<(&'static str, Vec<Line>), String> {
    let mut lines = lf(page).lines();
    let title = lines.next().and_then(|line| line.strip_prefix("# ")).ok_or("no title")?;
    let rows = lines.skip_while(|line| !line.starts_with("|---")).skip(1);
    Ok((title, rows.map(row).collect::<Result<_, _>>()?))
}

fn row(line: &'static str) -> Result<Line, String> {
    let cells: Vec<&str> = line.split('|').map(str::trim).collect();
    let ["", text, programs, truth, ""] = cells[..] else {
        return Err(format!("not three cells: {line}"));
    };
    let (programs, script) = map::script_last(programs);
    let files = match programs {
        "–" => Some(Vec::new()),
        links => links.split(", ").map(map::file).collect(),
    };
    let files = files.ok_or_else(|| format!("not a list of files: {line}"))?;
    Ok(Line { text, files, script, truth })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tests::crlf;

    fn plain(page: &'static str, width: usize) -> String {
        anstream::adapter::strip_str(&shown(page, width)).to_string()
    }

    #[test]
    fn both_pages_parse_to_every_line_of_the_document() {
        assert_eq!(parse(CHEATSHEET).unwrap().1.len(), 13);
        assert_eq!(parse(ROADMAP).unwrap().1.len(), 3);
    }

    #[test]
    fn a_checkout_of_windows_gives_the_same_pages() {
        for page in [CHEATSHEET, ROADMAP] {
            assert_eq!(plain(crlf(page), 100), plain(lf(page), 100));
        }
    }

    #[test]
    fn a_line_has_its_command_and_its_correction_below_it() {
        let text = plain(CHEATSHEET, 100);
        let expected = "
Future::poll(Pin<&mut Self>, &mut Context) -> Poll<Output>
    cargo run -p custom-futures -- future_trait
    → `-> Poll<Self::Output>`
";
        assert!(text.contains(expected), "{text}");
    }

    #[test]
    fn a_right_line_has_no_correction() {
        let text = plain(CHEATSHEET, 100);
        let expected = "cargo run -p channels -- four_channels\n\n";
        assert!(text.contains(expected), "{text}");
    }

    #[test]
    fn a_script_stands_behind_the_programs() {
        let text = plain(CHEATSHEET, 100);
        let expected = "-- tracing_spans\n    scripts/flamegraph blocking-work measure\n";
        assert!(text.contains(expected), "{text}");
    }

    #[test]
    fn a_row_that_is_no_row_is_refused() {
        let refused = |row| parse(row).err().unwrap();
        assert!(refused("# T\n|---|\n| one | – |\n").contains("not three cells"));
        assert!(refused("# T\n|---|\n| one | soon | |\n").contains("not a list of files"));
    }
}
