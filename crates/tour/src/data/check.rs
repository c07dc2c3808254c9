//! From what is written to what is meant. Whatever contradicts itself is refused, with its file.

use super::fields::{Fields, Source};
use super::{Content, Crate, Data, Document, File, Files, Line, PROGRAM, Section};
use super::{crates, question, statement, twins};
use crate::near::near;

type Result<T> = std::result::Result<T, String>;

pub fn data(files: &Files) -> Result<Data> {
    let crates = crates::read(files.crates, files.claims)?;
    let guide = document(["guide", "guide", "ガイド", GUIDE], &files.guide, &crates)?;
    let deep_dive =
        document(["deep-dive", "deep dive", "Deep Dive", DEEP_DIVE], &files.deep_dive, &crates)?;
    let documents = [guide, deep_dive];
    twins::agree(&documents)?;
    let questions = question::read(files.quiz, &documents, &crates)?;
    Ok(Data { documents, crates, questions })
}

const GUIDE: &str = "async/await基礎 — Rustの非同期プログラミングモデル";
const DEEP_DIVE: &str = "Rust Tokio ランタイム Deep Dive";

/// The tables `[[name]]` of a file that has nothing else, each as `read` understands it. What `read`
/// has to say of one is said with its file and its line.
pub fn tables<T>(
    source: Source,
    name: &'static str,
    mut read: impl FnMut(&Fields) -> Result<T>,
) -> Result<Vec<T>> {
    let file = source.fields()?;
    file.only(&[name])?;
    all(&file, name, &mut read)
}

/// The tables `[[name]]` among these fields.
pub fn all<T>(
    fields: &Fields,
    name: &'static str,
    mut read: impl FnMut(&Fields) -> Result<T>,
) -> Result<Vec<T>> {
    let placed = |table: &Fields, why: String| match why.starts_with(table.path()) {
        true => why,
        false => table.wrong(&why),
    };
    let one = |table: Fields| read(&table).map_err(|why| placed(&table, why));
    fields.tables(name)?.into_iter().map(one).collect()
}

/// The files called `paths`, each as `CRATE/FILE`.
pub fn files(crates: &[Crate], paths: &[&str]) -> Result<Vec<File>> {
    let all = || crates.iter().flat_map(|krate| &krate.files);
    let one = |path: &&str| {
        all().find(|file| file.path() == *path).copied().ok_or_else(|| {
            let known: Vec<_> = all().map(File::path).collect();
            let unknown = unknown("the file", path, known.iter().map(String::as_str));
            format!("{unknown}; crates.toml lists them")
        })
    };
    paths.iter().map(one).collect()
}

/// `the file a/dealy is unknown; did you mean a/delay?`
pub fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> String {
    match near(name, known).as_slice() {
        [] => format!("{what} {name} is unknown"),
        near => format!("{what} {name} is unknown; did you mean {}?", near.join(" or ")),
    }
}

fn document(names: [&'static str; 4], chapters: &[Source], crates: &[Crate]) -> Result<Document> {
    let [command, name, name_ja, title] = names;
    let (before, sections) = (None, Vec::new());
    let mut document = Document { command, name, name_ja, title, before, sections };
    for source in chapters {
        let mut sections = tables(*source, "section", |fields| section_of(fields, crates))?;
        for at in 0..sections.len() {
            let has_parts = sections.iter().any(|other| other.is_part_of(&sections[at]));
            let section = &mut sections[at];
            let wrong = |why: &str| format!("{}: {}: {why}", source.path, section.id);
            if has_parts && section.content != Content::Prose {
                return Err(wrong("it has subsections or programs, not both"));
            }
            if has_parts {
                section.content = Content::Chapter;
            } else if section.note.is_empty() && section.statements.is_empty() {
                return Err(wrong("it has no statements; `note` says why"));
            }
        }
        for section in sections {
            match section.id {
                "0" => document.before = Some(section),
                _ => document.sections.push(section),
            }
        }
    }
    Ok(document)
}

/// A section, as long as nothing is known of the others.
fn section_of(fields: &Fields, crates: &[Crate]) -> Result<Section> {
    fields.only(&[
        "id",
        "heading",
        "shows",
        "files",
        "scripts",
        "command",
        "note",
        "statement",
        "line",
    ])?;
    let id = fields.text("id")?;
    let section = Section {
        id,
        heading: fields.optional_text("heading")?.unwrap_or(id),
        shows: fields.optional_both("shows")?.unwrap_or_default(),
        content: Content::Prose,
        scripts: fields.texts("scripts")?,
        command: fields.optional_text("command")?,
        statements: all(fields, "statement", statement::read)?,
        note: fields.optional_both("note")?.unwrap_or_default(),
        lines: all(fields, "line", |fields| line(fields, crates))?,
    };
    let files = files(crates, &fields.texts("files")?)?;
    let runs = !files.is_empty() || !section.scripts.is_empty() || section.command.is_some();
    if runs == section.shows.is_empty() {
        return Err(format!("{id}: `shows` says what one sees, exactly where there are programs"));
    }
    let is_ours = |script: &&str| script.starts_with("scripts/") || script.starts_with(PROGRAM);
    if !section.scripts.iter().all(is_ours) {
        return Err(format!("{id}: a script lies in scripts/, or is `{PROGRAM}NAME`"));
    }
    if !section.note.is_empty() && !section.statements.is_empty() {
        return Err(format!("{id}: `note` says why there are no statements, and there are some"));
    }
    let content = if runs { Content::Programs(files) } else { Content::Prose };
    Ok(Section { content, ..section })
}

fn line(fields: &Fields, crates: &[Crate]) -> Result<Line> {
    fields.only(&["text", "files", "script", "truth"])?;
    Ok(Line {
        text: fields.text("text")?,
        files: files(crates, &fields.texts("files")?)?,
        script: fields.optional_text("script")?,
        truth: fields.optional_both("truth")?.unwrap_or_default(),
    })
}

/// The document and the section in `deep dive 6.2` or `guide FAQ Q6`.
pub fn section<'a>(documents: &'a [Document], place: &str) -> Result<(&'a Document, &'a Section)> {
    for document in documents {
        let id = place.strip_prefix(document.name).and_then(|id| id.strip_prefix(' '));
        let Some(id) = id else { continue };
        // As the document has it, beside its number.
        let id = id.strip_prefix("FAQ ").unwrap_or(id);
        let found = document.sections.iter().find(|section| section.id == id);
        let known = document.sections.iter().map(|section| section.id);
        let what = format!("the section {}", document.name);
        return found.map(|section| (document, section)).ok_or_else(|| unknown(&what, id, known));
    }
    Err(format!("{place} is no section: `guide 4.1`, `deep dive 6.2`"))
}
