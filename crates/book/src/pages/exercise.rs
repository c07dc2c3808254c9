//! The exercises.

use super::page;
use crate::links;
use crate::site::Page;
use crate::source::{block, docs, folded, read};
use std::path::Path;
use tour::data::{Exercise, exercises};

pub fn pages(root: &Path) -> Result<Vec<Page>, String> {
    let readme = "crates/exercises/README.md";
    let mut top = super::file(root, readme, "exercises.md", 0)?;
    top.text.push('\n');
    let mut pages = Vec::new();
    for exercise in exercises() {
        let page = one(root, exercise)?;
        let section = exercise.section.title();
        top.text += &format!("- [`{}`]({}): {section}\n", exercise.name, page.path);
        pages.push(page);
    }
    pages.insert(0, top);
    Ok(pages)
}

fn one(root: &Path, exercise: &Exercise) -> Result<Page, String> {
    let Exercise { name, dir, hint, document, section } = exercise;
    let path = links::exercise(name);
    let source = read(root, &format!("crates/exercises/exercises/{dir}/{name}.rs"))?;
    let solution = read(root, &format!("crates/exercises/solutions/{dir}/{name}.rs"))?;
    let to = links::between(&path, &links::section(document, section));
    let mut text = format!("{}\n", docs(&source));
    text += &block("rust", &source);
    text += &format!("\n{}", block("console", &format!("$ rustlings run {name}")));
    text += &format!("\n{}", folded("A hint", hint.trim()));
    text += &folded("A solution", &block("rust", &solution));
    text += &format!("The {}, [{}](<{to}>)\n", document.name, section.title());
    Ok(page(&path, name, 1, &text))
}
