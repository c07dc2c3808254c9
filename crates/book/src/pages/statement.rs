//! The statements of a section, with their verdicts.

use crate::links;
use tour::data::{Document, Proof, Section, Statement, Verdict, crates};

/// Lists what the document states here, and what it does not. Empty if there is neither.
pub fn list(document: &Document, section: &Section, path: &str) -> String {
    let (unsaid, said): (Vec<_>, Vec<_>) =
        section.statements.iter().partition(|it| it.verdict == Verdict::Unsaid);
    let mut text = String::new();
    let parts = [
        ("Statements".to_string(), said),
        (format!("What the {} does not say", document.name), unsaid),
    ];
    for (heading, statements) in parts {
        if !statements.is_empty() {
            text += &format!("## {heading}\n\n");
            text.extend(statements.into_iter().map(|statement| one(statement, path)));
            text.push('\n');
        }
    }
    text
}

fn one(statement: &Statement, path: &str) -> String {
    let Statement { id, verdict, at, says, holds, proofs, since, .. } = statement;
    let (name, says, holds) = (verdict.name(), says.en, holds.en);
    let mut text = format!(
        "- <span class=\"verdict {name}\" title=\"{}\">{name}</span> <a id=\"{id}\"></a>{id}: {says}\n",
        verdict.means().en
    );
    if !at.is_empty() {
        text += &format!("\n  <span class=\"words\" lang=\"ja\">「{at}」</span>\n");
    }
    if !holds.is_empty() {
        text += &format!("\n  {holds}\n");
    }
    if !since.is_empty() {
        text += &format!("\n  Since {since}.\n");
    }
    for proof in proofs {
        text += &format!("\n  <span class=\"proof\">{}</span>\n", self::proof(proof, path));
    }
    text
}

/// Its name, with a link to the program at whose foot it stands.
fn proof(proof: &Proof, path: &str) -> String {
    let file = proof.file().and_then(|(krate, name)| {
        crates().iter().find(|it| it.name == krate).and_then(|it| it.file(name))
    });
    let name = match proof.name {
        "console" | "case" => format!("<code>{}</code>", proof.command()),
        name => format!("<code>{name}</code>"),
    };
    match file {
        Some(file) => format!("[{name}](<{}>)", links::between(path, &links::snippet(file))),
        None => name,
    }
}
