//! The questions of the quiz.

use super::check::{files, section, tables};
use super::fields::{Fields, Source};
use super::{Crate, Document, File, Proof};

type Result<T> = std::result::Result<T, String>;

#[derive(Debug, PartialEq)]
pub struct Question {
    /// `Q1` to `Q7` are the document's own; the others are named after their topic.
    pub id: &'static str,
    /// The section: `deep dive 6.2`.
    pub place: &'static str,
    /// The document's question or heading, byte for byte.
    pub title: &'static str,
    pub prompt: &'static str,
    pub answers: Vec<&'static str>,
    /// Where in `answers` the right one is.
    pub right: usize,
    pub why: &'static str,
    pub program: File,
    /// In the program's file.
    pub test: &'static str,
    /// The lines of the program's output that answer the question. Empty if a test alone does.
    pub prints: &'static str,
}

/// The quiz, in its order.
pub fn read(source: Source, documents: &[Document], crates: &[Crate]) -> Result<Vec<Question>> {
    let mut ids = Vec::new();
    tables(source, "question", |fields| {
        let question = question(fields, documents, crates)?;
        if ids.contains(&question.id) {
            return Err(format!("{} is there twice", question.id));
        }
        ids.push(question.id);
        Ok(question)
    })
}

fn question(fields: &Fields, documents: &[Document], crates: &[Crate]) -> Result<Question> {
    fields.only(&[
        "id", "section", "title", "prompt", "answers", "right", "why", "proof", "prints",
    ])?;
    let (place, answers) = (fields.text("section")?, fields.texts("answers")?);
    let (_, section) = section(documents, place)?;
    let right = fields.number("right")?;
    if !(2..=9).contains(&answers.len()) {
        return Err("not two to nine answers".to_string());
    }
    if !(1..=answers.len()).contains(&right) {
        return Err(format!("`right` counts the answers from 1: {right}"));
    }
    let proof = fields.text("proof")?;
    let named = Proof::named(proof).and_then(|proof| Some((proof.file()?, proof.name)));
    let ((krate, name), test) =
        named.ok_or_else(|| format!("{proof} is no test of a snippet, PATH::TEST"))?;
    Ok(Question {
        id: fields.text("id")?,
        place,
        title: fields.optional_text("title")?.unwrap_or(section.heading),
        prompt: fields.text("prompt")?,
        answers,
        right: right - 1,
        why: fields.text("why")?,
        program: files(crates, &[&format!("{krate}/{name}")])?[0],
        test,
        prints: fields.optional_text("prints")?.unwrap_or_default(),
    })
}
