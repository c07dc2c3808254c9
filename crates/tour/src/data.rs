//! The facts: which section stands in which file, what the documents state and whether it holds, the
//! quiz, the recipes.
//!
//! They are the TOML files below `data/`, one a chapter, with `crates.toml`, `quiz.toml`,
//! `problems.toml` and `words.toml`, and `crates/recipes/recipes.toml`. What a snippet claims stands
//! in its own first line instead; `claims.ja.toml` has it in Japanese.
//! All of it is part of the program, so it is there wherever the program runs.

mod check;
mod crates;
mod exercise;
mod facts;
mod fields;
mod problem;
mod proof;
mod question;
mod recipe;
mod source;
mod statement;
mod twins;
mod verdict;

pub use check::section;
pub use exercise::{Exercise, exercises};
pub use problem::{Group, Incident, Problem, Words, groups, incidents, problems, words};
pub use proof::Proof;
pub use question::Question;
pub use recipe::{Recipe, recipes};
pub use verdict::Verdict;

use crate::language::{Language, Text};
use facts::Facts;
use source::Files;

/// A document.
#[derive(Debug, PartialEq)]
pub struct Document {
    /// What one types: `cargo run -- COMMAND 4.1`.
    pub command: &'static str,
    /// What it is called in a sentence, and in a reference: `guide 4.1`.
    pub name: &'static str,
    /// The same in Japanese.
    pub name_ja: &'static str,
    pub title: &'static str,
    /// What stands before the first section of the map. It has statements and no programs.
    pub before: Option<Section>,
    /// In the document's order.
    pub sections: Vec<Section>,
}

#[derive(Debug, Default, PartialEq)]
pub struct Section {
    /// Its number, or its heading where the document gives none.
    pub id: &'static str,
    /// The document's own, byte for byte.
    pub heading: &'static str,
    /// What one sees. Empty unless there are programs.
    pub shows: Text,
    pub content: Content,
    /// With its arguments, in the folder of the workspace: `scripts/size`.
    pub script: Option<&'static str>,
    /// The command of the tour that shows it: `quiz`.
    pub command: Option<&'static str>,
    pub statements: Vec<Statement>,
    /// Why it has no statements. Empty if it has some, or leaves them to its subsections.
    pub note: Text,
    /// The document's own, if it is a list.
    pub lines: Vec<Line>,
}

#[derive(Debug, Default, PartialEq)]
pub enum Content {
    /// Its subsections follow it.
    Chapter,
    /// In running order. Empty only if a script or a command of the tour shows the section.
    Programs(Vec<File>),
    /// There is nothing to run.
    #[default]
    Prose,
}

/// A snippet: `crates/sections/KRATE/src/NAME.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct File {
    pub krate: &'static str,
    pub name: &'static str,
    /// It waits for the user, so it runs only when named.
    pub on_request: bool,
}

/// What a document states in one sentence, and whether it is so.
#[derive(Debug, PartialEq)]
pub struct Statement {
    /// `G-4.1-1`, `D-6-3`.
    pub id: &'static str,
    pub verdict: Verdict,
    /// The same claim in other places.
    pub twins: Vec<&'static str>,
    /// A few words of the document's own, by which one finds the place. Empty if it does not say it.
    pub at: &'static str,
    /// The document's statement in other words.
    pub says: Text,
    /// What is true instead, or more precisely.
    pub holds: Text,
    pub proofs: Vec<Proof>,
    /// Why there is no proof, or `–`. Empty if there is one.
    pub reason: Text,
    /// The version since which it holds, where known: `Tokio 1.51`.
    pub since: &'static str,
}

/// A line of a section that is a list.
#[derive(Debug, PartialEq)]
pub struct Line {
    /// The document's own, byte for byte.
    pub text: &'static str,
    pub files: Vec<File>,
    pub script: Option<&'static str>,
    /// Empty if the document is right.
    pub truth: Text,
}

/// A section crate.
#[derive(Debug, PartialEq)]
pub struct Crate {
    pub name: &'static str,
    /// In a word, for the table of the README.
    pub shows: Text,
    /// In running order, those on request last.
    pub files: Vec<File>,
    /// What one must know of some of them, by their names.
    pub notes: Vec<(&'static str, Text)>,
    /// What its files claim, in Japanese, by their names.
    pub claims_ja: Vec<(&'static str, &'static str)>,
}

#[derive(Debug, PartialEq)]
struct Data {
    documents: [Document; 2],
    crates: Vec<Crate>,
    questions: Vec<Question>,
}

static DATA: Facts<Data> = Facts::new(|| check::data(&source::files()));

/// Says which file is wrong, and how. Whatever uses the data checks it first.
pub fn checked() -> Result<(), &'static str> {
    DATA.checked()?;
    recipe::RECIPES.checked()?;
    problem::FOUND.checked()?;
    exercise::EXERCISES.checked()
}

/// The guide and the deep dive.
pub fn documents() -> &'static [Document; 2] {
    &DATA.get().documents
}

/// The section crates, in the order of the README.
pub fn crates() -> &'static [Crate] {
    &DATA.get().crates
}

/// The quiz, in its order.
pub fn questions() -> &'static [Question] {
    &DATA.get().questions
}

impl Document {
    pub fn called(&self, language: Language) -> &'static str {
        language.either(self.name, self.name_ja)
    }

    pub fn section(&self, id: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.id.eq_ignore_ascii_case(id))
    }

    /// A section and, if it is a chapter, what belongs to it, in order.
    pub fn within<'a>(&'a self, section: &'a Section) -> impl Iterator<Item = &'a Section> {
        let belongs = move |other: &&Section| other.id == section.id || other.is_part_of(section);
        self.sections.iter().filter(belongs)
    }

    /// Something in it runs without being named.
    pub fn runs(&self, section: &Section) -> bool {
        let own = |part: &Section| part.files().iter().any(|file| !file.on_request);
        section.is_a_script()
            || self.within(section).any(|part| part.command.is_some() || own(part))
    }

    /// The sections that have statements, or say why they have none.
    pub fn ledger(&self) -> impl Iterator<Item = &Section> + Clone {
        let all = self.before.iter().chain(&self.sections);
        all.filter(|section| !section.statements.is_empty() || !section.note.is_empty())
    }

    pub fn statements(&self) -> impl Iterator<Item = &Statement> + Clone {
        self.ledger().flat_map(|section| &section.statements)
    }

    /// Those that the document makes, without what it leaves unsaid.
    pub fn said(&self) -> impl Iterator<Item = &Statement> + Clone {
        self.statements().filter(|statement| statement.verdict != Verdict::Unsaid)
    }
}

impl Section {
    pub fn files(&self) -> &[File] {
        match &self.content {
            Content::Programs(files) => files,
            Content::Chapter | Content::Prose => &[],
        }
    }

    /// It has a script and nothing else. Any other script is on request: it measures, or takes what
    /// not everyone has.
    pub fn is_a_script(&self) -> bool {
        self.script.is_some() && self.command.is_none() && self.files().is_empty()
    }

    /// `4.1 join! と select!`, or its heading alone if that is its id.
    pub fn title(&self) -> String {
        match self.heading == self.id {
            true => self.id.to_string(),
            false => format!("{} {}", self.id, self.heading),
        }
    }

    /// `4.1` is part of `4`, `Q1` of `FAQ`.
    pub fn is_part_of(&self, chapter: &Section) -> bool {
        let id = if self.id.starts_with('Q') { "FAQ." } else { self.id };
        id.strip_prefix(chapter.id).is_some_and(|rest| rest.starts_with('.'))
    }
}

impl File {
    /// `CRATE/FILE`, as the data and the command line name it.
    pub fn path(&self) -> String {
        format!("{}/{}", self.krate, self.name)
    }

    /// From the root of the workspace.
    pub fn source(&self) -> String {
        format!("crates/sections/{}/src/{}.rs", self.krate, self.name)
    }

    /// Where it stands: each document with a section, in the order of the map.
    pub fn places(&self) -> impl Iterator<Item = (&'static Document, &'static Section)> {
        let sections = |document: &'static Document| {
            document.sections.iter().map(move |section| (document, section))
        };
        documents().iter().flat_map(sections).filter(|(_, section)| section.files().contains(self))
    }
}

impl Crate {
    pub fn file(&self, name: &str) -> Option<File> {
        self.files.iter().copied().find(|file| file.name == name)
    }

    pub fn note(&self, name: &str) -> Option<Text> {
        self.notes.iter().find(|(file, _)| *file == name).map(|(_, note)| *note)
    }

    /// What a file claims, in Japanese. Its first line has it in English.
    pub fn claim_ja(&self, name: &str) -> Option<&'static str> {
        self.claims_ja.iter().find(|(file, _)| *file == name).map(|(_, claim)| *claim)
    }
}

#[cfg(test)]
mod tests;
