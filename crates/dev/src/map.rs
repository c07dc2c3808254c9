//! The sections of a document with their programs, as a page for the browser: `crates/tour/map/*.md`.

use crate::ledger::{WRITTEN, cells, relative};
use tour::Language;
use tour::data::{Content, Document, File, Section};

/// The folder of the pages.
pub const FOLDER: &str = "crates/tour/map";

/// From the root of the workspace.
pub fn path(document: &Document, language: Language) -> String {
    format!("{FOLDER}/{}{}.md", document.command, language.either("", ".ja"))
}

pub fn page(document: &Document, language: Language) -> String {
    let mut text = language.either(english(document), japanese(document));
    text.extend(document.sections.iter().map(|section| row(section, language)));
    text
}

fn english(document: &Document) -> String {
    let Document { command, name, title, .. } = document;
    format!(
        "{WRITTEN}
# {title}

Each section of the {name}, and the programs that show it. `cargo run -- {command} 4` runs those of a
section or a chapter, except the ones on request, which run by their names.

| section | heading | what one sees | programs |
|---|---|---|---|
"
    )
}

fn japanese(document: &Document) -> String {
    let Document { command, name_ja, title, .. } = document;
    format!(
        "{WRITTEN}
# {title}

{name_ja}の各節と、それを示すプログラム。`cargo run -- {command} 4` は節または章のプログラムを実行する。「指定時のみ」のものは、
名前を指定したときだけ動く。

| 節 | 見出し | 見えるもの | プログラム |
|---|---|---|---|
"
    )
}

fn row(section: &Section, language: Language) -> String {
    let programs = match section.content {
        Content::Chapter => String::new(),
        Content::Prose => language.either("prose", "文章のみ").to_string(),
        Content::Programs(_) => programs(section, language),
    };
    cells(&[section.id, section.heading, language.of(section.shows), &programs])
}

fn programs(section: &Section, language: Language) -> String {
    let on_request = language.either(" (on request)", "(指定時のみ)");
    let file = |file: &File| {
        let note = if file.on_request { on_request } else { "" };
        format!("[{}]({}){note}", file.path(), relative(FOLDER, &file.source()))
    };
    let files = section.files().iter().map(file);
    let scripts = section.scripts.iter().map(|script| format!("`{script}`"));
    let command = section.command.map(|command| format!("`cargo run -- {command}`"));
    files.chain(scripts).chain(command).collect::<Vec<_>>().join(", ")
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
            assert_eq!(row(document.section(id).unwrap(), Language::English), expected);
        }
        let shutdown = row(guide.section("10.1").unwrap(), Language::English);
        let server = "[graceful-shutdown/tcp_server]\
                      (../../sections/graceful-shutdown/src/tcp_server.rs) (on request)";
        assert!(shutdown.contains(server), "{shutdown}");
    }
}
