//! All that can be found.

use super::token::{stems, words};
use crate::map::{self, Document, File, Section};
use crate::run;
use std::fs;
use std::path::Path;
use tour::{Language, Text};

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Recipe,
    Problem,
    Program,
    Incident,
    Service,
    Section,
    Statement,
}

/// One that may be found.
#[derive(Debug)]
pub struct Entry {
    pub kind: Kind,
    /// In one line, in the language of the reader.
    pub text: String,
    /// The command that shows it, as the user would type it.
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
    pub fn name(self) -> Text {
        match self {
            Self::Recipe => Text::new("recipe", "レシピ"),
            Self::Problem | Self::Program => Text::new("program", "例"),
            Self::Incident => Text::new("incident", "障害"),
            Self::Service => Text::new("service", "実例"),
            Self::Section => Text::new("section", "節"),
            Self::Statement => Text::new("statement", "記述"),
        }
    }

    /// Of two that answer as well, what can be taken to work comes first.
    pub fn weight(self) -> f64 {
        match self {
            Self::Recipe => 1.3,
            Self::Problem => 1.2,
            Self::Program | Self::Incident | Self::Service => 1.0,
            Self::Section => 0.7,
            Self::Statement => 0.6,
        }
    }
}

impl Field {
    pub fn new(weight: f64, text: &str) -> Self {
        Self { weight, words: words(text), stems: stems(text), is_asked: false }
    }

    /// A reader of either language asks in both.
    fn both(weight: f64, text: Text) -> [Self; 2] {
        [Self::new(weight, text.en), Self::new(weight, text.ja)]
    }

    /// A phrase, and the phrase as one word: `rate limit`, `ratelimit`.
    pub fn asked(weight: f64, phrase: &str) -> Self {
        let mut field = Self { is_asked: true, ..Self::new(weight, phrase) };
        if field.words.len() > 1 {
            field.words.push(field.words.concat());
            field.stems.push(stems(&field.words.concat()).concat());
        }
        field
    }

    /// The stems of the phrase, without the one that is all of it.
    pub fn phrase(&self) -> &[String] {
        match self.stems.as_slice() {
            [own @ .., _all] if self.is_asked && !own.is_empty() => own,
            own => own,
        }
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
pub fn all(map: &[Document], workspace: &Path, language: Language) -> Vec<Entry> {
    let mut all: Vec<Entry> = map::recipes().iter().map(|it| recipe(it, language)).collect();
    all.extend(map::problems().iter().map(|it| problem(it, language)));
    all.extend(map::incidents().iter().map(|it| incident(it, language)));
    all.extend(map::services().iter().map(|it| service(it, language)));
    for krate in map::crates() {
        all.extend(krate.files.iter().map(|file| program(krate, file, workspace, language)));
    }
    for document in map {
        for section in &document.sections {
            all.push(self::section(document, section, language));
        }
        all.extend(document.statements().map(|it| statement(it, language)));
    }
    all
}

fn recipe(recipe: &map::Recipe, language: Language) -> Entry {
    let mut fields = vec![Field::asked(4.0, recipe.name)];
    fields.extend(Field::both(3.0, recipe.problem));
    fields.extend(recipe.words.iter().map(|words| Field::asked(4.0, words)));
    let command = format!("cargo run -- copy {} FOLDER", recipe.name);
    Entry::new(Kind::Recipe, language.of(recipe.problem).into(), command, fields)
}

fn problem(problem: &map::Problem, language: Language) -> Entry {
    let mut fields = Vec::from(Field::both(3.0, problem.problem));
    fields.extend(problem.words.iter().map(|words| Field::asked(4.0, words)));
    let command = run::command(&problem.programs[0]);
    Entry::new(Kind::Problem, language.of(problem.problem).into(), command, fields)
}

fn incident(incident: &map::Incident, language: Language) -> Entry {
    let mut fields = vec![Field::asked(4.0, incident.name)];
    fields.extend(Field::both(3.0, incident.problem));
    fields.extend(incident.words.iter().map(|words| Field::asked(4.0, words)));
    let command = format!("cargo run -p incidents -- start {}", incident.name);
    Entry::new(Kind::Incident, language.of(incident.problem).into(), command, fields)
}

fn service(service: &map::Service, language: Language) -> Entry {
    let mut fields = Vec::from(Field::both(3.0, service.problem));
    fields.extend(service.words.iter().map(|words| Field::asked(4.0, words)));
    let command = format!("scripts/service {}", service.runs);
    let command = format!("{}  # {}", command.trim_end(), service.file);
    Entry::new(Kind::Service, language.of(service.problem).into(), command, fields)
}

fn program(krate: &map::Crate, file: &File, workspace: &Path, language: Language) -> Entry {
    let english = claim(&workspace.join(file.source())).unwrap_or_default();
    let japanese = krate.claim_ja(file.name).unwrap_or_default();
    let kind = match file.krate {
        "incidents" => Kind::Incident,
        _ => Kind::Program,
    };
    let names = [Field::new(2.5, file.name), Field::new(1.5, file.krate)];
    let claims = [Field::new(2.0, &english), Field::new(2.0, japanese)];
    let text = match language {
        Language::Japanese if !japanese.is_empty() => japanese.to_string(),
        _ if english.is_empty() => file.path(),
        _ => english,
    };
    let fields = names.into_iter().chain(claims).collect();
    Entry::new(kind, text, run::command(file), fields)
}

/// Returns what the first line of a snippet says behind its sections.
fn claim(file: &Path) -> Option<String> {
    let source = fs::read_to_string(file).ok()?;
    let (_, claim) = tour::header(&source)?;
    Some(claim.trim().into())
}

fn section(document: &Document, section: &Section, language: Language) -> Entry {
    let text = format!("{} {}", document.called(language), section.title());
    let mut fields = vec![
        Field::new(2.5, section.heading),
        Field::new(1.0, &format!("{} {}", document.name, section.id)),
    ];
    fields.extend(Field::both(1.0, section.shows));
    let command = match document.runs(section) {
        true => run::by_number(document, section),
        false => {
            format!("cargo run -- statements --section {}", super::quoted(Path::new(section.id)))
        }
    };
    Entry::new(Kind::Section, text, command, fields)
}

fn statement(statement: &map::Statement, language: Language) -> Entry {
    let (verdict, says) = (language.of(statement.verdict.label()), language.of(statement.says));
    let text = format!("{}, {verdict}: {says}", statement.id);
    let mut fields = vec![Field::asked(2.0, statement.id)];
    fields.extend(Field::both(1.0, statement.says));
    fields.extend(Field::both(1.0, statement.holds));
    let command = format!("cargo run -- statements --id {}", statement.id);
    Entry::new(Kind::Statement, text.replace('\n', " "), command, fields)
}
