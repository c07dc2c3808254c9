//! The files of the data, as they are written.
//!
//! A field that no table has is refused: it would be a misspelt one.

use super::text::Text;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// The chapter of a document.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chapter {
    pub section: Vec<Section>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    pub id: Text,
    /// Without it, the id is the heading.
    pub heading: Option<Text>,
    #[serde(default)]
    pub shows: Text,
    /// Each as `CRATE/FILE`.
    #[serde(default)]
    pub files: Vec<Text>,
    pub script: Option<Text>,
    pub command: Option<Text>,
    /// Why there are no statements.
    #[serde(default)]
    pub note: Text,
    #[serde(default)]
    pub statement: Vec<Statement>,
    #[serde(default)]
    pub line: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    pub id: Text,
    pub verdict: Verdict,
    pub says: Text,
    #[serde(default)]
    pub holds: Text,
    /// `PATH::TEST`, a case that must not compile, or a README, which shows what its crate prints.
    #[serde(default)]
    pub proofs: Vec<Text>,
    #[serde(default)]
    pub reason: Text,
    #[serde(default)]
    pub since: Text,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    True,
    /// Never was as the document has it.
    Corrected,
    /// Was true once.
    Outdated,
    /// Nothing that a program could show.
    Opinion,
    /// A program could show it, but not here.
    Unproven,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    pub text: Text,
    #[serde(default)]
    pub files: Vec<Text>,
    pub script: Option<Text>,
    #[serde(default)]
    pub truth: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crates {
    #[serde(rename = "crate")]
    pub crates: Vec<Crate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crate {
    pub name: Text,
    pub shows: Text,
    pub files: Vec<Text>,
    #[serde(default)]
    pub on_request: Vec<Text>,
    #[serde(default)]
    pub notes: BTreeMap<Text, Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quiz {
    pub question: Vec<Question>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    pub id: Text,
    /// `deep dive 6.2`
    pub section: Text,
    /// Without it, the heading of the section.
    pub title: Option<Text>,
    pub prompt: Text,
    pub answers: Vec<Text>,
    /// From 1.
    pub right: usize,
    pub why: Text,
    pub proof: Text,
    #[serde(default)]
    pub prints: Text,
}

impl Verdict {
    pub const ALL: [Self; 5] =
        [Self::True, Self::Corrected, Self::Outdated, Self::Opinion, Self::Unproven];

    pub fn name(self) -> &'static str {
        match self {
            Self::True => "true",
            Self::Corrected => "corrected",
            Self::Outdated => "outdated",
            Self::Opinion => "opinion",
            Self::Unproven => "unproven",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.name() == name)
    }

    /// The document is not to be followed here.
    pub fn is_wrong(self) -> bool {
        matches!(self, Self::Corrected | Self::Outdated)
    }
}

/// A file of the data: its path from the root of the workspace, and its text.
#[derive(Clone, Copy)]
pub struct Source {
    pub path: &'static str,
    pub text: &'static str,
}

impl Source {
    /// Its tables, or the line that is wrong and why.
    pub fn parsed<T: DeserializeOwned>(self) -> Result<T, String> {
        toml::from_str(self.text).map_err(|error| {
            let before = error.span().map_or("", |span| &self.text[..span.start]);
            let line = before.matches('\n').count() + 1;
            format!("{}, line {line}: {}", self.path, error.message())
        })
    }
}

/// All files but that of the recipes.
#[derive(Clone)]
pub struct Files {
    pub guide: Vec<Source>,
    pub deep_dive: Vec<Source>,
    pub crates: Source,
    pub quiz: Source,
}

macro_rules! source {
    ($($path:literal),+) => {
        Source {
            path: concat!("crates/tour/data/", $($path),+),
            text: include_str!(concat!("../../data/", $($path),+)),
        }
    };
}

macro_rules! chapters {
    ($folder:literal: $($chapter:literal)+) => {
        vec![$(source!($folder, "/", $chapter, ".toml")),+]
    };
}

pub fn files() -> Files {
    Files {
        guide: chapters!("guide": "00" "01" "02" "03" "04" "05" "06" "07" "08" "09" "10" "faq" "end"),
        deep_dive: chapters!(
            "deep-dive": "00" "01" "02" "03" "04" "05" "06" "07" "08" "09" "10" "11" "12" "13" "14"
                "15" "16" "17" "18" "19"
        ),
        crates: source!("crates.toml"),
        quiz: source!("quiz.toml"),
    }
}
