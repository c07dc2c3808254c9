//! From what is written to what is meant. Whatever contradicts itself is refused, with its file.

use super::raw::{self, Files, Source, Verdict};
use super::text::Text;
use super::{Content, Crate, Data, Document, File, Line, Proof, Question, Section, Statement};
use crate::near::near;

type Result<T> = std::result::Result<T, String>;

pub fn data(files: &Files) -> Result<Data> {
    let crates = crates(files.crates)?;
    let guide = document(["guide", "guide", GUIDE], &files.guide, &crates)?;
    let deep_dive = document(["deep-dive", "deep dive", DEEP_DIVE], &files.deep_dive, &crates)?;
    let documents = [guide, deep_dive];
    let questions = questions(files.quiz, &documents, &crates)?;
    Ok(Data { documents, crates, questions })
}

const GUIDE: &str = "async/await基礎 — Rustの非同期プログラミングモデル";
const DEEP_DIVE: &str = "Rust Tokio ランタイム Deep Dive";

fn crates(source: Source) -> Result<Vec<Crate>> {
    let raw::Crates { crates } = source.parsed()?;
    let one = |raw: raw::Crate| {
        let krate = raw.name.0;
        let wrong = |why: String| format!("{}: {krate}: {why}", source.path);
        let file = |on_request| move |name: Text| File { krate, name: name.0, on_request };
        let asked = raw.on_request.into_iter().map(file(true));
        let files: Vec<_> = raw.files.into_iter().map(file(false)).chain(asked).collect();
        let notes: Vec<_> = raw.notes.into_iter().map(|(file, note)| (file.0, note.0)).collect();
        let names = || files.iter().map(|file| file.name);
        for (place, name) in names().enumerate() {
            if names().take(place).any(|other| other == name) {
                return Err(wrong(format!("{name} is there twice")));
            }
        }
        if let Some((name, _)) = notes.iter().find(|(name, _)| !names().any(|it| it == *name)) {
            return Err(wrong(unknown("a note on", name, names())));
        }
        Ok(Crate { name: krate, shows: raw.shows.0, files, notes })
    };
    crates.into_iter().map(one).collect()
}

/// `files` as `CRATE/FILE`.
fn files(crates: &[Crate], files: Vec<Text>) -> Result<Vec<File>> {
    let all = || crates.iter().flat_map(|krate| &krate.files);
    let one = |Text(path)| {
        all().find(|file| file.path() == path).copied().ok_or_else(|| {
            let known: Vec<_> = all().map(File::path).collect();
            let unknown = unknown("the file", path, known.iter().map(String::as_str));
            format!("{unknown}; crates.toml lists them")
        })
    };
    files.into_iter().map(one).collect()
}

/// `the file a/dealy is unknown, near are a/delay`.
fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> String {
    match near(name, known).as_slice() {
        [] => format!("{what} {name} is unknown"),
        near => format!("{what} {name} is unknown; did you mean {}?", near.join(" or ")),
    }
}

fn document(names: [&'static str; 3], chapters: &[Source], crates: &[Crate]) -> Result<Document> {
    let [command, name, title] = names;
    let mut document = Document { command, name, title, before: None, sections: Vec::new() };
    for source in chapters {
        let raw::Chapter { section } = source.parsed()?;
        let chapter_ids: Vec<_> = section.iter().map(|section| section.id.0).collect();
        for raw in section {
            let id = raw.id.0;
            let has_parts = chapter_ids.iter().any(|other| is_part_of(other, id));
            let section = section_of(raw, has_parts, crates);
            let section = section.map_err(|why| format!("{}: {id}: {why}", source.path))?;
            match id {
                "0" => document.before = Some(section),
                _ => document.sections.push(section),
            }
        }
    }
    Ok(document)
}

fn is_part_of(id: &'static str, chapter: &'static str) -> bool {
    let section = |id| Section { id, ..Section::default() };
    section(id).is_part_of(&section(chapter))
}

fn section_of(raw: raw::Section, has_parts: bool, crates: &[Crate]) -> Result<Section> {
    let files = files(crates, raw.files)?;
    let runs = !files.is_empty() || raw.script.is_some() || raw.command.is_some();
    if runs == raw.shows.0.is_empty() {
        return Err("`shows` says what one sees, exactly where there are programs".to_string());
    }
    if raw.script.is_some_and(|script| !script.0.starts_with("scripts/")) {
        return Err("a script lies in scripts/".to_string());
    }
    let content = match (has_parts, runs) {
        (true, true) => return Err("it has subsections or programs, not both".to_string()),
        (true, false) => Content::Chapter,
        (false, true) => Content::Programs(files),
        (false, false) => Content::Prose,
    };
    if !raw.note.0.is_empty() && !raw.statement.is_empty() {
        return Err("`note` says why there are no statements, and there are some".to_string());
    }
    if !has_parts && raw.note.0.is_empty() && raw.statement.is_empty() {
        return Err("it has no statements; `note` says why".to_string());
    }
    Ok(Section {
        id: raw.id.0,
        heading: raw.heading.unwrap_or(raw.id).0,
        shows: raw.shows.0,
        content,
        script: raw.script.map(|script| script.0),
        command: raw.command.map(|command| command.0),
        statements: raw.statement.into_iter().map(statement).collect::<Result<_>>()?,
        note: raw.note.0,
        lines: raw.line.into_iter().map(|raw| line(raw, crates)).collect::<Result<_>>()?,
    })
}

fn statement(raw: raw::Statement) -> Result<Statement> {
    let id = raw.id.0;
    let wrong = |why: &str| format!("{id}: {why}");
    let proof = |Text(proof)| {
        let named = Proof::named(proof);
        named.ok_or_else(|| wrong(&format!("{proof} is no PATH::TEST, case or README")))
    };
    let proofs: Vec<_> = raw.proofs.into_iter().map(proof).collect::<Result<_>>()?;
    if raw.says.0.is_empty() {
        return Err(wrong("`says` is empty"));
    }
    if raw.verdict != Verdict::True && raw.holds.0.is_empty() {
        return Err(wrong("`holds` says what is so, if it is not that"));
    }
    if proofs.is_empty() && !matches!(raw.verdict, Verdict::Opinion | Verdict::Unproven) {
        return Err(wrong("it has no proof"));
    }
    if !proofs.is_empty() && !raw.reason.0.is_empty() {
        return Err(wrong("`reason` says why there is no proof, and there is one"));
    }
    let reason = match (proofs.is_empty(), raw.reason.0) {
        (true, "") => "–",
        (_, reason) => reason,
    };
    let (says, holds, since) = (raw.says.0, raw.holds.0, raw.since.0);
    Ok(Statement { id, verdict: raw.verdict, says, holds, proofs, reason, since })
}

fn line(raw: raw::Line, crates: &[Crate]) -> Result<Line> {
    Ok(Line {
        text: raw.text.0,
        files: files(crates, raw.files)?,
        script: raw.script.map(|script| script.0),
        truth: raw.truth.0,
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
        let section =
            found.ok_or_else(|| unknown(&format!("the section {}", document.name), id, known))?;
        return Ok((document, section));
    }
    Err(format!("{place} is no section: `guide 4.1`, `deep dive 6.2`"))
}

fn questions(source: Source, documents: &[Document], crates: &[Crate]) -> Result<Vec<Question>> {
    let raw::Quiz { question: all } = source.parsed()?;
    let mut questions: Vec<Question> = Vec::new();
    for raw in all {
        let id = raw.id.0;
        let wrong = |why: String| format!("{}: {id}: {why}", source.path);
        if questions.iter().any(|question| question.id == id) {
            return Err(wrong("it is there twice".to_string()));
        }
        questions.push(question(raw, documents, crates).map_err(wrong)?);
    }
    Ok(questions)
}

fn question(raw: raw::Question, documents: &[Document], crates: &[Crate]) -> Result<Question> {
    let (_, section) = section(documents, raw.section.0)?;
    if !(2..=9).contains(&raw.answers.len()) {
        return Err("not two to nine answers".to_string());
    }
    if !(1..=raw.answers.len()).contains(&raw.right) {
        return Err(format!("`right` counts the answers from 1: {}", raw.right));
    }
    let proof = Proof::named(raw.proof.0);
    let proof = proof.and_then(|proof| Some((proof.file()?, proof.name)));
    let ((krate, name), test) =
        proof.ok_or_else(|| format!("{} is no test of a snippet, PATH::TEST", raw.proof.0))?;
    let program = files(crates, vec![Text(format!("{krate}/{name}").leak())])?[0];
    Ok(Question {
        id: raw.id.0,
        place: raw.section.0,
        title: raw.title.map_or(section.heading, |title| title.0),
        prompt: raw.prompt.0,
        answers: raw.answers.into_iter().map(|answer| answer.0).collect(),
        right: raw.right - 1,
        why: raw.why.0,
        program,
        test,
        prints: raw.prints.0,
    })
}
