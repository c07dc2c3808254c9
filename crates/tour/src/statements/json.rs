//! The ledger for a program.

use super::{Part, commands};
use crate::map::{Document, Proof, Section, Statement};

/// An array with one object a statement, in the documents' order.
pub fn json(map: &[Document], parts: &[Part<'_>]) -> String {
    let mut objects = Vec::new();
    for Part { document, section, statements } in parts {
        for statement in statements {
            objects.push(format!("  {}", object(map, document.name, section, statement)));
        }
    }
    match objects.is_empty() {
        true => "[]\n".to_string(),
        false => format!("[\n{}\n]\n", objects.join(",\n")),
    }
}

fn object(map: &[Document], document: &str, section: &Section, statement: &Statement) -> String {
    let proofs = statement.proofs.iter().map(|proof| {
        let Proof { name, path, .. } = proof;
        fields(&[("name", string(name)), ("path", string(path))])
    });
    let commands = commands(map, statement);
    fields(&[
        ("id", string(statement.id)),
        ("document", string(document)),
        ("section", string(section.id)),
        ("heading", string(heading(section))),
        ("verdict", string(statement.verdict.name())),
        ("says", string(statement.says)),
        ("holds", string(statement.holds)),
        ("proofs", format!("[{}]", proofs.collect::<Vec<_>>().join(", "))),
        ("reason", string(statement.reason)),
        (
            "commands",
            format!("[{}]", commands.iter().map(|it| string(it)).collect::<Vec<_>>().join(", ")),
        ),
        ("since", string(statement.since)),
    ])
}

/// Empty if it is the id.
fn heading(section: &Section) -> &str {
    if section.heading == section.id { "" } else { section.heading }
}

fn fields(fields: &[(&str, String)]) -> String {
    let fields = fields.iter().map(|(name, value)| format!("{}: {value}", string(name)));
    format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
}

fn string(text: &str) -> String {
    let mut quoted = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            // Raw, these would not be JSON.
            '\0'..='\x1f' => quoted += &format!("\\u{:04x}", u32::from(letter)),
            _ => quoted.push(letter),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_is_escaped() {
        assert_eq!(string("\"a\\b\"\n日本"), r#""\"a\\b\"\u000a日本""#);
    }

    #[test]
    fn no_statement_is_an_empty_array() {
        assert_eq!(json(&[], &[]), "[]\n");
    }
}
