//! A snippet that begins: its file, and its place in the data.

mod template;

use crate::files::{read, replace};
use crate::header;
use crate::places::Place;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use template::template;
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Value};
use tour::data::{Content, Crate, crates, documents, section};
use tour::failure::Failure;
use tour::module_name::why_not;

const CRATES: &str = "crates/tour/data/crates.toml";
const CLAIMS: &str = "crates/tour/data/claims.ja.toml";

/// A line of the data is no longer, unless it is one text.
const WIDEST: usize = 100;

/// The snippet that is to begin.
#[derive(Debug)]
pub struct New {
    krate: &'static Crate,
    name: String,
    claim: String,
    /// The same in Japanese. Empty if somebody else will write it.
    claim_ja: String,
    places: Vec<Place<'static>>,
}

impl New {
    /// `CRATE/FILE`, what it claims, in English and in Japanese, and the sections that it shows:
    /// `guide 4.1`.
    pub fn named(
        path: &str,
        [claim, claim_ja]: [&str; 2],
        sections: &[String],
    ) -> Result<Self, Failure> {
        let parts = path.split_once('/').filter(|(_, name)| !name.contains('/'));
        let (krate, name) =
            parts.ok_or_else(|| Failure::wrong(format!("{path} is not CRATE/FILE")))?;
        let name = name.strip_suffix(".rs").unwrap_or(name);
        let known = || crates().iter().map(|krate| krate.name);
        let found = crates().iter().find(|it| it.name == krate).ok_or_else(|| {
            let failure = Failure::wrong(format!("there is no section crate {krate}"));
            failure.did_you_mean(krate, known(), "`ls crates/sections` lists them")
        })?;
        free(found, name)?;
        let places = sections.iter().map(|section| place(section)).collect::<Result<_, _>>()?;
        if [claim, claim_ja].iter().any(|it| it.contains(char::is_control)) {
            return Err(Failure::wrong("the claim is one line, and one sentence"));
        }
        if claim.trim().is_empty() {
            return Err(
                Failure::wrong("the claim is blank").tip("one sentence that could be false")
            );
        }
        let [claim, claim_ja] = [claim, claim_ja].map(|it| it.trim().to_string());
        let new = Self { krate: found, name: name.into(), claim, claim_ja, places };
        let header = new.header();
        match header::header(documents(), &header) {
            Err(wrong) => Err(Failure::wrong(format!("{header}: {wrong}"))),
            Ok(_) => Ok(new),
        }
    }

    fn header(&self) -> String {
        header::line(&self.places, &self.claim)
    }

    /// Writes the file and adds it to the data, or changes nothing. Returns what it has changed.
    pub fn begin(&self, root: &Path) -> Result<Vec<String>, Failure> {
        let Self { krate, name, .. } = self;
        let source = format!("crates/sections/{}/src/{name}.rs", krate.name);
        let manifest = format!("crates/sections/{}/Cargo.toml", krate.name);
        let on_tokio = read(root, &manifest).map_err(Failure::unable)?.contains("\ntokio = ");
        let mut pages = vec![
            (CRATES.to_string(), self.in_crates(root)?),
            (CLAIMS.to_string(), self.in_claims(root)?),
        ];
        for place in &self.places {
            let path = chapter(root, place)?;
            let text = match pages.iter().position(|(other, _)| *other == path) {
                Some(at) => pages.remove(at).1,
                None => read(root, &path).map_err(Failure::unable)?,
            };
            pages.push((path.clone(), self.in_section(&text, place, &path)?));
        }
        // A file that is there is somebody's work, whether the data has it or not.
        let text = template(&self.header(), on_tokio);
        let created = File::create_new(root.join(&source)).and_then(|mut file| {
            file.write_all(text.as_bytes()).inspect_err(|_| {
                let _ = fs::remove_file(root.join(&source));
            })
        });
        created.map_err(|error| Failure::refused(&source, &error))?;
        let mut changed = vec![source.clone()];
        for (path, text) in pages {
            replace(root, &path, &text).map_err(|error| {
                Failure::unable(error).tip(format!("already written: {}", changed.join(", ")))
            })?;
            changed.push(path);
        }
        Ok(changed)
    }

    /// `crates.toml` with the file behind those of its first section.
    fn in_crates(&self, root: &Path) -> Result<String, Failure> {
        let text = read(root, CRATES).map_err(Failure::unable)?;
        let mut document = parsed(&text, CRATES)?;
        let table = tables(&mut document, "crate").and_then(|tables| {
            tables.iter_mut().find(|table| is(table.get("name"), self.krate.name))
        });
        let files = table.and_then(|table| table.get_mut("files")).and_then(Item::as_array_mut);
        let files =
            files.ok_or_else(|| lacks(CRATES, &format!("`files` of {}", self.krate.name)))?;
        let (_, section) = self.places[0];
        let here = |name: &str| {
            section.files().iter().any(|it| it.krate == self.krate.name && it.name == name)
        };
        insert(files, behind(files, here), &self.name);
        Ok(document.to_string())
    }

    /// `claims.ja.toml` with the claim at the end of those of its crate.
    fn in_claims(&self, root: &Path) -> Result<String, Failure> {
        let mut document = parsed(&read(root, CLAIMS).map_err(Failure::unable)?, CLAIMS)?;
        let table = document.get_mut(self.krate.name).and_then(Item::as_table_mut);
        let table = table.ok_or_else(|| lacks(CLAIMS, &format!("[{}]", self.krate.name)))?;
        table.insert(&self.name, toml_edit::value(self.claim_ja.as_str()));
        Ok(document.to_string())
    }

    /// The chapter in `text` with the file at the end of those of its crate.
    fn in_section(&self, text: &str, place: &Place<'_>, path: &str) -> Result<String, Failure> {
        let mut document = parsed(text, path)?;
        let id = place.1.id;
        let table = tables(&mut document, "section")
            .and_then(|tables| tables.iter_mut().find(|table| is(table.get("id"), id)));
        let table = table.ok_or_else(|| lacks(path, id))?;
        if !table.contains_key("files") {
            table.insert("files", Item::Value(Value::Array(Array::new())));
        }
        let files = table.get_mut("files").and_then(Item::as_array_mut);
        let files = files.ok_or_else(|| lacks(path, &format!("`files` of {id}")))?;
        let start = format!("{}/", self.krate.name);
        let at = behind(files, |file| file.starts_with(&start));
        insert(files, at, &format!("{start}{}", self.name));
        Ok(document.to_string())
    }
}

/// Refuses a name that is no module's, or that `krate` has already.
fn free(krate: &Crate, name: &str) -> Result<(), Failure> {
    let why_not = match name.starts_with('_') {
        true => Some("a letter comes first"),
        false => why_not(name),
    };
    if let Some(why) = why_not {
        let wrong = Failure::wrong(format!("{name} cannot be the name of a module"));
        return Err(wrong.tip(why));
    }
    match krate.file(name) {
        Some(_) => Err(Failure::wrong(format!("{} has a file {name} already", krate.name))),
        None => Ok(()),
    }
}

/// A section that can have programs.
fn place(name: &str) -> Result<Place<'static>, Failure> {
    let place = section(documents(), name).map_err(Failure::wrong)?;
    let (document, section) = place;
    let wrong = |why: &str| Failure::wrong(format!("{name} {why}"));
    match section.content {
        Content::Programs(_) => Ok(place),
        Content::Chapter => {
            let own = document.within(section).skip(1).map(|section| section.id);
            let own = own.collect::<Vec<_>>().join(", ");
            Err(wrong("is a chapter").tip(format!("its sections: {own}")))
        }
        Content::Prose => Err(wrong("has no programs yet")
            .tip("first say in its table in crates/tour/data what one sees: `shows = \"…\"`")),
    }
}

/// The file of the data that has a section.
fn chapter(root: &Path, (document, section): &Place<'_>) -> Result<String, Failure> {
    let folder = format!("crates/tour/data/{}", document.command);
    let files = crate::files::below(root, &folder, ".toml").map_err(Failure::unable)?;
    let id = section.id;
    let has = |path: &String| {
        let document = read(root, path).ok().and_then(|text| text.parse::<DocumentMut>().ok());
        let mut document = document.unwrap_or_default();
        tables(&mut document, "section").is_some_and(|it| it.iter().any(|it| is(it.get("id"), id)))
    };
    files.into_iter().find(has).ok_or_else(|| lacks(&folder, id))
}

fn parsed(text: &str, path: &str) -> Result<DocumentMut, Failure> {
    text.parse().map_err(|error| Failure::unable(format!("{path}: {error}")))
}

fn tables<'a>(document: &'a mut DocumentMut, name: &str) -> Option<&'a mut ArrayOfTables> {
    document.get_mut(name)?.as_array_of_tables_mut()
}

fn is(item: Option<&Item>, value: &str) -> bool {
    item.and_then(Item::as_str) == Some(value)
}

fn lacks(path: &str, what: &str) -> Failure {
    Failure::unable(format!("{path}: it has no {what}"))
}

/// The place behind the last of those that `is_one` takes, or at the end.
fn behind(files: &Array, is_one: impl Fn(&str) -> bool) -> usize {
    let takes = |at: &usize| files.get(*at).and_then(Value::as_str).is_some_and(&is_one);
    (0..files.len()).rfind(takes).map_or(files.len(), |last| last + 1)
}

/// Inserts, and keeps `files = […]` on one line, or one a line, as it fits.
fn insert(array: &mut Array, at: usize, value: &str) {
    array.insert(at, value);
    let letters: usize = array.iter().filter_map(|it| Some(it.as_str()?.len() + 4)).sum();
    let is_long = "files = ".len() + letters > WIDEST;
    for (at, value) in array.iter_mut().enumerate() {
        let prefix = match (is_long, at) {
            (true, _) => "\n    ",
            (false, 0) => "",
            (false, _) => " ",
        };
        value.decor_mut().set_prefix(prefix);
        value.decor_mut().set_suffix("");
    }
    array.set_trailing_comma(is_long);
    array.set_trailing(if is_long { "\n" } else { "" });
}

#[cfg(test)]
mod tests;
