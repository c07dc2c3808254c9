//! The pages of a document: itself, its chapters, their sections.

use super::{page, section, statement};
use crate::links;
use crate::site::Page;
use std::path::Path;
use tour::data::{Content, Document, Section};

pub fn pages(root: &Path, document: &Document) -> Result<Vec<Page>, String> {
    let top = format!("{}.md", document.command);
    let mut pages = vec![page(&top, document.title, 0, &contents(document, &top))];
    for section in &document.sections {
        let chapter = document.sections.iter().any(|other| section.is_part_of(other));
        let mut page = section::page(root, document, section)?;
        page.depth = if chapter { 2 } else { 1 };
        pages.push(page);
    }
    Ok(pages)
}

/// Lists what you see in each section, below what is said before the first.
fn contents(document: &Document, from: &str) -> String {
    let mut text = String::new();
    for section in &document.sections {
        let inner = document.sections.iter().any(|other| section.is_part_of(other));
        text += &entry(document, section, from, if inner { "  " } else { "" });
    }
    if let Some(before) = &document.before {
        text += &statement::list(document, before, from);
    }
    text
}

/// One line of a list.
pub fn entry(document: &Document, section: &Section, from: &str, indent: &str) -> String {
    let to = links::between(from, &links::section(document, section));
    let shows = match (section.shows.en, &section.content) {
        ("", Content::Prose) => ": nothing to run".to_string(),
        ("", _) => String::new(),
        (shows, _) => format!(": {shows}"),
    };
    format!("{indent}- [{}](<{to}>){shows}\n", section.title())
}
