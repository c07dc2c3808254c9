//! What there is to find.

use super::token::{stems, words};
use crate::map::{self, Document, File, Section};
use crate::run;
use std::fs;
use std::path::Path;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Recipe,
    Problem,
    Program,
    Incident,
    Section,
    Statement,
}

/// One that may be found.
#[derive(Debug)]
pub struct Entry {
    pub kind: Kind,
    /// In one line.
    pub text: String,
    /// What shows it, as the user would type it.
    pub command: String,
    pub fields: Vec<Field>,
}

/// A text that may answer a question.
#[derive(Debug)]
pub struct Field {
    pub weight: f64,
    pub words: Vec<String>,
    pub stems: Vec<String>,
    /// It is one of the phrases in which people ask.
    pub is_asked: bool,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Recipe => "recipe",
            Self::Problem | Self::Program => "program",
            Self::Incident => "incident",
            Self::Section => "section",
            Self::Statement => "statement",
        }
    }

    /// Of two that answer as well, what can be taken to work comes first.
    pub fn weight(self) -> f64 {
        match self {
            Self::Recipe => 1.3,
            Self::Problem => 1.2,
            Self::Program | Self::Incident => 1.0,
            Self::Section => 0.7,
            Self::Statement => 0.6,
        }
    }
}

impl Field {
    pub fn new(weight: f64, text: &str) -> Self {
        Self { weight, words: words(text), stems: stems(text), is_asked: false }
    }

    /// A phrase, and the phrase as one word: `rate limit`, `ratelimit`.
    fn asked(weight: f64, phrase: &str) -> Self {
        let mut field = Self { is_asked: true, ..Self::new(weight, phrase) };
        if field.words.len() > 1 {
            field.words.push(field.words.concat());
            field.stems.push(stems(&field.words.concat()).concat());
        }
        field
    }
}

impl Entry {
    fn new(kind: Kind, text: String, command: String, fields: Vec<Field>) -> Self {
        Self { kind, text, command, fields }
    }

    /// The words that a misspelt one may have meant.
    pub fn vocabulary(&self) -> impl Iterator<Item = &str> {
        let fields = self.fields.iter().filter(|field| field.weight > 1.0);
        fields.flat_map(|field| field.words.iter().map(String::as_str))
    }
}

/// All of them.
pub fn all(map: &[Document], workspace: &Path) -> Vec<Entry> {
    let mut all: Vec<Entry> = map::recipes().iter().map(recipe).collect();
    all.extend(map::problems().iter().map(problem));
    let files = map::crates().iter().flat_map(|krate| &krate.files);
    all.extend(files.map(|file| program(file, workspace)));
    for document in map {
        for section in &document.sections {
            all.push(self::section(document, section));
        }
        all.extend(document.statements().map(statement));
    }
    all
}

fn recipe(recipe: &map::Recipe) -> Entry {
    let mut fields = vec![Field::asked(4.0, recipe.name), Field::new(3.0, recipe.problem)];
    fields.extend(recipe.words.iter().map(|words| Field::asked(4.0, words)));
    let command = format!("cargo run -- copy {} FOLDER", recipe.name);
    Entry::new(Kind::Recipe, recipe.problem.into(), command, fields)
}

fn problem(problem: &map::Problem) -> Entry {
    let mut fields = vec![Field::new(3.0, problem.problem)];
    fields.extend(problem.words.iter().map(|words| Field::asked(4.0, words)));
    let first = &problem.programs[0];
    Entry::new(Kind::Problem, problem.problem.into(), run::command(first), fields)
}

fn program(file: &File, workspace: &Path) -> Entry {
    let claim = claim(&workspace.join(file.source())).unwrap_or_default();
    let kind = match file.krate {
        "incidents" => Kind::Incident,
        _ => Kind::Program,
    };
    let fields =
        vec![Field::new(2.5, file.name), Field::new(1.5, file.krate), Field::new(2.0, &claim)];
    let text = if claim.is_empty() { file.path() } else { claim };
    Entry::new(kind, text, run::command(file), fields)
}

/// What the first line of a snippet says behind its sections.
fn claim(file: &Path) -> Option<String> {
    let source = fs::read_to_string(file).ok()?;
    let (_, claim) = tour::header(&source)?;
    Some(claim.trim().into())
}

fn section(document: &Document, section: &Section) -> Entry {
    let text = format!("{} {}", document.name, section.title());
    let fields = vec![
        Field::new(2.5, section.heading),
        Field::new(1.0, section.shows),
        Field::new(1.0, &format!("{} {}", document.name, section.id)),
    ];
    let command = match document.runs(section) {
        true => run::by_number(document, section),
        false => {
            format!("cargo run -- statements --section {}", super::quoted(Path::new(section.id)))
        }
    };
    Entry::new(Kind::Section, text, command, fields)
}

fn statement(statement: &map::Statement) -> Entry {
    let verdict = statement.verdict.name();
    let text = format!("{}, {verdict}: {}", statement.id, statement.says);
    let fields = vec![
        Field::asked(2.0, statement.id),
        Field::new(1.0, statement.says),
        Field::new(1.0, statement.holds),
    ];
    let command = format!("cargo run -- statements --id {}", statement.id);
    Entry::new(Kind::Statement, text.replace('\n', " "), command, fields)
}
