//! The sections of a document with their programs, as a page for the browser: `crates/tour/map/*.md`.

use crate::ledger::{WRITTEN, cells, relative};
use tour::data::{Content, Document, File, Section};

/// The folder of the pages.
pub const FOLDER: &str = "crates/tour/map";

pub fn page(document: &Document) -> String {
    let Document { command, name, title, .. } = document;
    let mut text = format!(
        "{WRITTEN}
# {title}

Each section of the {name}, and the programs that show it. `cargo run -- {command} 4` runs those of a
section or a chapter, except the ones on request, which run by their names.

| section | heading | what one sees | programs |
|---|---|---|---|
"
    );
    text.extend(document.sections.iter().map(row));
    text
}

fn row(section: &Section) -> String {
    let programs = match section.content {
        Content::Chapter => String::new(),
        Content::Prose => "prose".to_string(),
        Content::Programs(_) => programs(section),
    };
    cells(&[section.id, section.heading, section.shows, &programs])
}

fn programs(section: &Section) -> String {
    let file = |file: &File| {
        let note = if file.on_request { " (on request)" } else { "" };
        format!("[{}]({}){note}", file.path(), relative(FOLDER, &file.source()))
    };
    let files = section.files().iter().map(file);
    let script = section.script.map(|script| format!("`{script}`"));
    let command = section.command.map(|command| format!("`cargo run -- {command}`"));
    files.chain(script).chain(command).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use tour::data::documents;

    #[test]
    fn a_section_is_a_row_with_links_to_its_programs() {
        let [guide, deep_dive] = documents();
        for (document, id, expected) in [
            (guide, "4", "| 4 | 複数 Future の合成 | | |\n"),
            (deep_dive, "4.5", "| 4.5 | Pin の限界 | | prose |\n"),
            (
                deep_dive,
                "19",
                "| 19 | クイズ | fifteen questions, each with the program that answers it | \
                 `cargo run -- quiz` |\n",
            ),
        ] {
            assert_eq!(row(document.section(id).unwrap()), expected);
        }
        let shutdown = row(guide.section("10.1").unwrap());
        let server = "[graceful-shutdown/tcp_server]\
                      (../../sections/graceful-shutdown/src/tcp_server.rs) (on request)";
        assert!(shutdown.contains(server), "{shutdown}");
    }
}
