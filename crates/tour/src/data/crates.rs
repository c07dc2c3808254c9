//! The section crates and their files.

use super::File;
use super::check::{tables, unknown};
use super::fields::{Entry, Fields, Source};
use crate::language::Text;

type Result<T> = std::result::Result<T, String>;

/// A section crate.
#[derive(Debug, PartialEq)]
pub struct Crate {
    pub name: &'static str,
    /// In a word, for the table of the README.
    pub shows: Text,
    /// In running order, those on request last.
    pub files: Vec<File>,
    /// Notes on some of them, by their names.
    pub notes: Vec<(&'static str, Text)>,
    /// The claims of its files in Japanese, by their names.
    pub claims_ja: Vec<(&'static str, &'static str)>,
}

impl Crate {
    pub fn file(&self, name: &str) -> Option<File> {
        self.files.iter().copied().find(|file| file.name == name)
    }

    pub fn note(&self, name: &str) -> Option<Text> {
        self.notes.iter().find(|(file, _)| *file == name).map(|(_, note)| *note)
    }

    /// Returns the claim of a file in Japanese. Its first line has it in English.
    pub fn claim_ja(&self, name: &str) -> Option<&'static str> {
        self.claims_ja.iter().find(|(file, _)| *file == name).map(|(_, claim)| *claim)
    }
}

/// The crates of `source`, with what their files claim in Japanese from `claims`.
pub fn read(source: Source, claims: Source) -> Result<Vec<Crate>> {
    let mut crates = tables(source, "crate", one)?;
    let file = claims.fields()?;
    let names: Vec<&str> = crates.iter().map(|krate| krate.name).collect();
    file.only(&names)?;
    for krate in &mut crates {
        for (name, claim) in file.entries(krate.name)? {
            let names = krate.files.iter().map(|file| file.name);
            match claim {
                // One that waits for its translation.
                Entry::Text("") => {}
                Entry::Text(claim) if krate.file(name).is_some() => {
                    krate.claims_ja.push((name, claim));
                }
                Entry::Text(_) => {
                    let what = format!("{}: the file {}/", claims.path, krate.name);
                    return Err(unknown(&what, name, names).replacen("/ ", "/", 1));
                }
                Entry::Texts(_) => {
                    return Err(format!("{}: the claim of {name} is not a text", claims.path));
                }
            }
        }
    }
    Ok(crates)
}

fn one(fields: &Fields) -> Result<Crate> {
    fields.only(&["name", "shows", "files", "on_request", "notes"])?;
    let krate = fields.text("name")?;
    let file = |on_request| move |name| File { krate, name, on_request };
    let own = fields.texts("files")?.into_iter().map(file(false));
    let asked = fields.texts("on_request")?.into_iter().map(file(true));
    let files: Vec<_> = own.chain(asked).collect();
    let names = || files.iter().map(|file| file.name);
    for (place, name) in names().enumerate() {
        if names().take(place).any(|other| other == name) {
            return Err(format!("{name} is there twice"));
        }
    }
    let notes = notes(fields)?;
    if let Some((name, _)) = notes.iter().find(|(name, _)| !names().any(|file| file == *name)) {
        return Err(unknown("a note on", name, names()));
    }
    Ok(Crate { name: krate, shows: fields.both("shows")?, files, notes, claims_ja: Vec::new() })
}

/// In both languages, by file.
fn notes(fields: &Fields) -> Result<Vec<(&'static str, Text)>> {
    let texts = |fields: &Fields| {
        let text = |(name, note)| match note {
            Entry::Text(note) => Ok((name, note)),
            Entry::Texts(_) => Err(format!("the note on {name} is not a text")),
        };
        fields.entries("notes")?.into_iter().map(text).collect::<Result<Vec<_>>>()
    };
    let english = texts(fields)?;
    let japanese = fields.japanese()?.map_or(Ok(Vec::new()), |japanese| texts(&japanese))?;
    let names = || english.iter().map(|(name, _)| *name);
    if let Some((name, _)) = japanese.iter().find(|(name, _)| !names().any(|it| it == *name)) {
        return Err(unknown("a note on", name, names()));
    }
    let both = |(name, en): &(&'static str, &'static str)| {
        let ja = japanese.iter().find(|(other, _)| other == name).map_or("", |(_, ja)| *ja);
        (*name, Text { en, ja })
    };
    Ok(english.iter().map(both).collect())
}
