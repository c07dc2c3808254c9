//! The statements for a program.

use super::{Part, commands};
use crate::map::{Document, Section, Statement};
use serde_json::{Value, json};

/// An array with one object a statement, each on a line, in the documents' order.
pub fn json(map: &[Document], parts: &[Part<'_>]) -> String {
    let objects = parts.iter().flat_map(|Part { document, section, statements }| {
        let statements = statements.iter();
        statements.map(|statement| object(map, document, section, statement).to_string())
    });
    match objects.collect::<Vec<_>>() {
        objects if objects.is_empty() => "[]\n".to_string(),
        objects => format!("[\n  {}\n]\n", objects.join(",\n  ")),
    }
}

fn object(map: &[Document], document: &Document, section: &Section, it: &Statement) -> Value {
    let proofs = it.proofs.iter().map(|proof| json!({ "name": proof.name, "path": proof.path }));
    json!({
        "id": it.id,
        "document": document.name,
        "section": section.id,
        // Empty if it is the id.
        "heading": if section.heading == section.id { "" } else { section.heading },
        "verdict": it.verdict.name(),
        "says": it.says,
        "holds": it.holds,
        "proofs": proofs.collect::<Vec<_>>(),
        "reason": it.reason,
        "commands": commands(map, it),
        "since": it.since,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::documents;
    use crate::statements::{Filter, chosen};

    #[test]
    fn no_statement_is_an_empty_array() {
        assert_eq!(json(&[], &[]), "[]\n");
    }

    #[test]
    fn every_statement_is_an_object_on_a_line_of_its_own() {
        let parts = chosen(documents(), &Filter::default()).unwrap();
        let text = json(documents(), &parts);
        let objects: Vec<Value> = serde_json::from_str(&text).unwrap();
        assert_eq!((objects.len(), text.lines().count()), (383, 383 + 2));
        assert_eq!(objects[0]["id"], "G-0-1");
        assert_eq!(objects[1]["proofs"][0]["path"], "tests/section_map.rs");
    }
}
