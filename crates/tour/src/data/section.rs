//! A section of a document, and the programs that show it.

use super::{Document, Statement, documents};
use crate::language::Text;

/// The beginning of a script that runs a program of a section. The name of the section follows.
pub const PROGRAM: &str = "cargo run -p ";

#[derive(Debug, Default, PartialEq)]
pub struct Section {
    /// Its number, or its heading where the document gives none.
    pub id: &'static str,
    /// The document's own, byte for byte.
    pub heading: &'static str,
    /// The output to look for. Empty unless there are programs.
    pub shows: Text,
    pub content: Content,
    /// With their arguments, in the folder of the workspace: `scripts/size`, or [`PROGRAM`] and a section.
    pub scripts: Vec<&'static str>,
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

/// A snippet: `crates/sections/KRATE/src/NAME.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct File {
    pub krate: &'static str,
    pub name: &'static str,
    /// It waits for the user, so it runs only when named.
    pub on_request: bool,
}

impl Section {
    pub fn files(&self) -> &[File] {
        match &self.content {
            Content::Programs(files) => files,
            Content::Chapter | Content::Prose => &[],
        }
    }

    /// It has scripts and nothing else. Any other script is on request: it measures, or takes what
    /// not everyone has.
    pub fn is_a_script(&self) -> bool {
        !self.scripts.is_empty() && self.command.is_none() && self.files().is_empty()
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

    /// Returns where it stands: each document with a section, in the order of the map.
    pub fn places(&self) -> impl Iterator<Item = (&'static Document, &'static Section)> {
        let sections = |document: &'static Document| {
            document.sections.iter().map(move |section| (document, section))
        };
        documents().iter().flat_map(sections).filter(|(_, section)| section.files().contains(self))
    }
}
