//! Search by problem: recipes, programs, incidents, sections and statements, best first.

mod entries;
mod question;
mod score;
mod token;
mod vocabulary;

use crate::failure::{Failure, aside};
use crate::map::{self, Document};
use crate::quoted::quoted;
use crate::screen::{Screen, cut};
use crate::suggested::Suggested;
use anstyle::Style;
use clap::{Arg, Command};
use entries::Entry;
use question::Question;
use std::path::Path;
use tour::{Language, Text};
use unicode_width::UnicodeWidthStr;
use vocabulary::Vocabulary;

const KIND: Style = Style::new().bold();
const COMMAND: Style = Style::new().dimmed();
/// The widest kind, and a gap.
const INDENT: Text = Text::new("statement  ", "レシピ  ");
/// Of a screen that is not one: lines that somebody reads at once.
const SCREEN: usize = 24;
/// The prompt, and what is said besides.
const SPARE: usize = 4;
/// Nobody reads on.
const MOST: usize = 15;

/// All that can be found, read once.
pub struct Index {
    entries: Vec<Entry>,
    vocabulary: Vocabulary,
}

impl Index {
    /// Reads in `workspace` what each snippet claims.
    pub fn of(map: &[Document], workspace: &Path, language: Language) -> Self {
        let entries = entries::all(map, workspace, language);
        let vocabulary = Vocabulary::of(&entries, map::words());
        Self { entries, vocabulary }
    }

    /// Returns what answers `words`, at most a screen. Stderr says which words were read as others, and
    /// how much is left out.
    pub fn find(&self, words: &str, screen: Screen) -> Result<String, Failure> {
        if token::words(words).len() > question::MOST {
            note(format!("only the first {} words count", question::MOST));
        }
        let question = Question::asked(words, map::words(), &self.vocabulary);
        for (typed, read) in &question.corrected {
            let (english, japanese) =
                (format!("{read} for {typed}"), format!("{typed} を {read} として検索"));
            note(screen.language.either(english, japanese));
        }
        let found = score::best(&self.entries, &question);
        if found.is_empty() {
            let asked = if words.is_empty() { "what has no words" } else { words };
            let failure =
                Failure::wrong(format!("nothing is found for {}", cut(asked, screen.width)));
            return Err(failure.tip("say it in other words, or see the map: `cargo run`"));
        }
        let lines = screen.height.unwrap_or(SCREEN).saturating_sub(SPARE);
        let (room, all) = ((lines / 2).clamp(1, MOST), found.len());
        if all > room {
            let (english, japanese) = (
                format!("the best {room} of {all}: another word narrows them"),
                format!("{all} 件のうち上位 {room} 件。語を足すと絞り込める"),
            );
            note(screen.language.either(english, japanese));
        }
        Ok(found.iter().take(room).map(|entry| line(entry, screen)).collect())
    }
}

/// On stderr: what is found stays what a pipe gets.
fn note(text: String) {
    aside(&format!("{COMMAND}{text}{COMMAND:#}\n"));
}

/// One line, and its command below it.
fn line(Entry { kind, text, command, .. }: &Entry, screen: Screen) -> String {
    let (kind, widest) = (screen.language.of(kind.name()), screen.language.of(INDENT).width());
    let gap = " ".repeat(widest - kind.width());
    let text = cut(text, screen.width.saturating_sub(widest));
    let indent = " ".repeat(widest);
    format!("{KIND}{kind}{KIND:#}{gap}{text}\n{indent}{COMMAND}{command}{COMMAND:#}\n")
}

/// `find` on the command line.
pub fn command() -> Command {
    Command::new("find")
        .about("Searches by problem: `find retry with backoff`, `find deadlock`")
        .arg(
            Arg::new("words")
                .value_name("WORDS")
                .required(true)
                .num_args(1..)
                .value_parser(Suggested::new(std::iter::empty()))
                .help("What you want to do, what goes wrong, or the error message"),
        )
}

/// Returns what somebody types or pastes, without what a terminal obeys: an escape is no word.
pub fn asked(typed: impl Iterator<Item = String>) -> String {
    let plain = |word: String| {
        let text = anstream::adapter::strip_str(&word).to_string();
        text.replace(char::is_control, " ")
    };
    typed.map(plain).collect::<Vec<_>>().join(" ").trim().to_string()
}

/// The tip that points from a word that is no name to the search. A number is none to search for.
pub fn instead(words: &str) -> Option<String> {
    const SHORTEST: usize = 3;
    const LONGEST: usize = 40;
    let letters =
        token::words(words).into_iter().filter(|word| word.chars().all(char::is_alphabetic));
    if letters.map(|word| word.chars().count()).max().unwrap_or(0) < SHORTEST {
        return None;
    }
    let is_short = words.chars().count() <= LONGEST && !words.contains(char::is_control);
    let words = if is_short { quoted(Path::new(words)) } else { "WORDS".into() };
    Some(format!("`cargo run -- find {words}` searches for it"))
}

/// `failure`, with that tip.
pub fn or_find(failure: Failure, words: &str) -> Failure {
    match instead(words) {
        Some(tip) => failure.tip(tip),
        None => failure,
    }
}

#[cfg(test)]
mod tests;
