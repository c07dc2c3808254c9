//! The statements for a program.

use super::{Part, commands};
use crate::map::{Document, Section, Statement};
use tinyjson::JsonValue;
use tour::Language;

/// An array with one object a statement, each on a line, in the documents' order.
pub fn json(map: &[Document], parts: &[Part<'_>], language: Language) -> String {
    let objects = parts.iter().flat_map(|Part { document, section, statements }| {
        let statements = statements.iter();
        statements.map(move |statement| object(map, document, section, statement, language))
    });
    match objects.collect::<Vec<_>>() {
        objects if objects.is_empty() => "[]\n".to_string(),
        objects => format!("[\n  {}\n]\n", objects.join(",\n  ")),
    }
}

fn object(
    map: &[Document],
    document: &Document,
    section: &Section,
    it: &Statement,
    language: Language,
) -> String {
    let proofs = it.proofs.iter();
    let proofs = proofs.map(|it| fields(&[("name", text(it.name)), ("path", text(it.path))]));
    let commands = commands(map, it).into_iter().map(text);
    fields(&[
        ("id", text(it.id)),
        ("document", text(document.name)),
        ("section", text(section.id)),
        // Empty if it is the id.
        ("heading", text(if section.heading == section.id { "" } else { section.heading })),
        ("verdict", text(it.verdict.name())),
        ("twins", list(it.twins.iter().map(|twin| text(*twin)))),
        ("at", text(it.at)),
        ("says", text(language.of(it.says))),
        ("holds", text(language.of(it.holds))),
        ("proofs", list(proofs)),
        ("commands", list(commands)),
        ("since", text(it.since)),
    ])
}

/// In this order, which no map of a library keeps.
fn fields(fields: &[(&str, String)]) -> String {
    let fields = fields.iter().map(|(name, value)| format!("{}: {value}", text(*name)));
    format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
}

fn list(values: impl Iterator<Item = String>) -> String {
    format!("[{}]", values.collect::<Vec<_>>().join(", "))
}

fn text(text: impl Into<String>) -> String {
    JsonValue::String(text.into()).stringify().expect("any text is JSON")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::documents;
    use crate::statements::{Filter, chosen};

    #[test]
    fn no_statement_is_an_empty_array() {
        assert_eq!(json(&[], &[], Language::English), "[]\n");
    }

    #[test]
    fn every_statement_is_an_object_on_a_line_of_its_own() {
        let parts = chosen(documents(), &Filter::default()).unwrap();
        let text = json(documents(), &parts, Language::English);
        let objects: JsonValue = text.parse().unwrap();
        let objects: &Vec<JsonValue> = objects.get().unwrap();
        let all = documents().iter().flat_map(Document::statements).count();
        assert_eq!((objects.len(), text.lines().count()), (all, all + 2));
        let text = |value: &JsonValue| value.get::<String>().unwrap().clone();
        assert_eq!(text(&objects[0]["id"]), "G-0-1");
        assert_eq!(text(&objects[1]["proofs"][0]["path"]), "tests/section_map.rs");
    }
}
