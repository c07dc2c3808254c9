//! A document, and what is in it.

use super::{Section, Statement, Verdict};
use crate::language::Language;

/// A document.
#[derive(Debug, PartialEq)]
pub struct Document {
    /// The command that a reader types: `cargo run -- COMMAND 4.1`.
    pub command: &'static str,
    /// Its name in a sentence, and in a reference: `guide 4.1`.
    pub name: &'static str,
    /// The same in Japanese.
    pub name_ja: &'static str,
    pub title: &'static str,
    /// The part before the first section of the map. It has statements and no programs.
    pub before: Option<Section>,
    /// In the document's order.
    pub sections: Vec<Section>,
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
