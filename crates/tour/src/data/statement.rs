//! One statement of a document.

use super::fields::Fields;
use super::{Proof, Verdict};
use crate::language::Text;

type Result<T> = std::result::Result<T, String>;

/// A locator is a few words, and never the sentence: the document is its author's.
const LONGEST: usize = 20;

/// A sentence of a document, and whether it is true.
#[derive(Debug, PartialEq)]
pub struct Statement {
    /// `G-4.1-1`, `D-6-3`.
    pub id: &'static str,
    pub verdict: Verdict,
    /// The same claim in other places.
    pub twins: Vec<&'static str>,
    /// A few words of the document's own, by which one finds the place. Empty if it does not say it.
    pub at: &'static str,
    /// The document's statement in other words.
    pub says: Text,
    /// The truth instead, or more precisely.
    pub holds: Text,
    pub proofs: Vec<Proof>,
    /// The version since which it holds, where known: `Tokio 1.51`.
    pub since: &'static str,
}

pub fn read(fields: &Fields) -> Result<Statement> {
    fields.only(&["id", "verdict", "twins", "at", "says", "holds", "proofs", "since"])?;
    let (id, verdict) = (fields.text("id")?, fields.text("verdict")?);
    let Some(verdict) = Verdict::named(verdict) else {
        let all = Verdict::ALL.map(Verdict::name).join(", ");
        return Err(format!("{id}: {verdict} is no verdict; there are {all}"));
    };
    let mut proofs = Vec::new();
    for proof in fields.texts("proofs")? {
        match Proof::named(proof) {
            Some(proof) => proofs.push(proof),
            None => return Err(format!("{id}: {proof} is no PATH::TEST, case or README")),
        }
    }
    let statement = Statement {
        id,
        verdict,
        twins: fields.texts("twins")?,
        at: fields.optional_text("at")?.unwrap_or_default(),
        says: fields.both("says")?,
        holds: fields.optional_both("holds")?.unwrap_or_default(),
        proofs,
        since: fields.optional_text("since")?.unwrap_or_default(),
    };
    match wrong(&statement) {
        Some(why) => Err(format!("{id}: {why}")),
        None => Ok(statement),
    }
}

/// Returns what contradicts itself in it, if anything does.
fn wrong(statement: &Statement) -> Option<String> {
    let Statement { verdict, at, says, holds, proofs, .. } = statement;
    if says.is_empty() {
        return Some("`says` is empty".into());
    }
    if at.chars().count() > LONGEST {
        return Some(format!("`at` is a few words, at most {LONGEST} characters"));
    }
    if *verdict != Verdict::True && holds.is_empty() {
        return Some("`holds` says what is so, if it is not that".into());
    }
    if proofs.is_empty() && !matches!(verdict, Verdict::Opinion | Verdict::Unproven) {
        return Some("it has no proof".into());
    }
    None
}
