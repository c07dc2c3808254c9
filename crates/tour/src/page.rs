//! A section of the document that is a list, each line with a program and, if it is wrong, the truth.

use crate::map::{Line, Section};
use crate::run::command;
use crate::screen::{Screen, wrap};
use anstyle::{AnsiColor, Style};

const TITLE: Style = Style::new().bold().underline();
const COMMAND: Style = Style::new().dimmed();
const TRUTH: Style = AnsiColor::Yellow.on_default();
const INDENT: &str = "    ";

/// For the terminal: below each line its commands, and what is true instead.
pub fn shown(section: &Section, screen: Screen) -> String {
    let mut shown = format!("{TITLE}{}{TITLE:#}\n", section.heading);
    for Line { text, files, script, truth } in &section.lines {
        shown += &format!("\n{text}\n");
        let scripts = script.map(String::from);
        for command in files.iter().map(command).chain(scripts) {
            shown += &format!("{INDENT}{COMMAND}{command}{COMMAND:#}\n");
        }
        let arrow = if truth.is_empty() { "" } else { "→ " };
        let truth = format!("{arrow}{}", screen.language.of(*truth));
        for part in wrap(&truth, screen.width.saturating_sub(INDENT.len())) {
            if !part.is_empty() {
                shown += &format!("{INDENT}{TRUTH}{part}{TRUTH:#}\n");
            }
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::documents;

    fn section(id: &str) -> &'static Section {
        documents()[1].section(id).unwrap()
    }

    fn cheatsheet() -> String {
        anstream::adapter::strip_str(&shown(section("18"), Screen { width: 100, ..Screen::PIPE }))
            .to_string()
    }

    #[test]
    fn both_pages_have_every_line_of_the_document() {
        assert_eq!((section("18").lines.len(), section("17").lines.len()), (13, 3));
    }

    #[test]
    fn a_line_has_its_command_and_its_correction_below_it() {
        let text = cheatsheet();
        let expected = "
Future::poll(Pin<&mut Self>, &mut Context) -> Poll<Output>
    cargo run -p custom-futures -- future_trait
    → `-> Poll<Self::Output>`
";
        assert!(text.contains(expected), "{text}");
    }

    #[test]
    fn a_right_line_has_no_correction() {
        let text = cheatsheet();
        let expected = "cargo run -p channels -- four_channels\n\n";
        assert!(text.contains(expected), "{text}");
    }

    #[test]
    fn a_script_stands_behind_the_programs() {
        let text = cheatsheet();
        let expected = "-- tracing_spans\n    scripts/flamegraph blocking-work measure\n";
        assert!(text.contains(expected), "{text}");
    }
}
