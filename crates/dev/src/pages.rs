//! All that is written, by the path of its file.

use crate::{by_problem, files, ledger, map, marks, modules, readme, section_ja};
use std::path::Path;
use tour::Language;
use tour::data::{Crate, crates, documents, recipes};

/// A file of which some or all is written.
#[derive(Debug, PartialEq)]
pub struct Page {
    /// From the root of the workspace.
    pub path: String,
    /// Empty if there is no such file.
    pub old: String,
    pub new: String,
}

impl Page {
    pub fn is_stale(&self) -> bool {
        self.old != self.new
    }

    /// The first line that differs, for whoever wants to know what is stale.
    pub fn first_difference(&self) -> Option<(usize, &str)> {
        let (mut old, mut number) = (self.old.lines(), 0);
        let differs = |line: &&str| {
            number += 1;
            old.next() != Some(line)
        };
        let line = self.new.lines().find(differs);
        self.is_stale().then(|| (number, line.unwrap_or_default()))
    }
}

/// Every page, or what keeps each of the others from being written.
pub fn pages(root: &Path) -> Vec<Result<Page, String>> {
    let mut pages = Vec::new();
    for language in [Language::English, Language::Japanese] {
        let path = language.either("README.md", "README.ja.md");
        pages.push(page(root, path, |old| front(old, language)));
        for document in documents() {
            let written = [
                (map::path(document, language), map::page(document, language)),
                (ledger::path(document, language), ledger::page(document, language)),
            ];
            pages.extend(written.map(|(path, text)| page(root, &path, |_| Ok(text))));
        }
    }
    for krate in crates() {
        let folder = format!("crates/sections/{}", krate.name);
        pages
            .push(page(root, &format!("{folder}/src/main.rs"), |old| modules::written(old, krate)));
        pages.push(page(root, &format!("{folder}/README.md"), |old| section(root, krate, old)));
        let japanese = |_: &str| section_ja::page(root, krate);
        pages.push(page(root, &format!("{folder}/README.ja.md"), japanese));
    }
    for folder in ["crates/bench", "crates/recipes", "crates/tiny-runtime", "crates/tour"] {
        pages.push(page(root, &format!("{folder}/README.md"), |old| package(folder, old)));
    }
    pages
}

fn page(
    root: &Path,
    path: &str,
    new: impl FnOnce(&str) -> Result<String, String>,
) -> Result<Page, String> {
    let old = if root.join(path).exists() { files::read(root, path)? } else { String::new() };
    let new = new(&old).map_err(|wrong| match wrong.starts_with("crates/") {
        true => wrong,
        false => format!("{path}: {wrong}"),
    })?;
    Ok(Page { path: path.to_string(), old, new })
}

/// The README of the workspace.
fn front(old: &str, language: Language) -> Result<String, String> {
    let parts = [
        ("recipes", by_problem::folded_recipes(recipes(), language)),
        ("problems", by_problem::folded_problems(language)),
        ("sections", readme::sections(language)),
        ("count", readme::count()),
        ("verdicts", readme::verdicts(language)),
    ];
    marks::filled(old, &parts)
}

/// The README of a section crate.
fn section(root: &Path, krate: &Crate, old: &str) -> Result<String, String> {
    let folder = format!("crates/sections/{}", krate.name);
    let statements = readme::statements(&folder, Language::English);
    let mut parts = vec![("files", readme::files(root, krate)?)];
    let paragraphs = [statements, readme::exercises(krate, Language::English)];
    let paragraphs: Vec<_> = paragraphs.into_iter().filter(|it| !it.is_empty()).collect();
    if !paragraphs.is_empty() {
        parts.push(("statements", paragraphs.join("\n\n")));
    }
    marks::filled(old, &parts)
}

/// The README of another package.
fn package(folder: &str, old: &str) -> Result<String, String> {
    let mut parts = Vec::new();
    if folder == "crates/recipes" {
        parts.push(("recipes", by_problem::recipes(recipes(), folder, Language::English)));
    }
    let statements = readme::statements(folder, Language::English);
    if !statements.is_empty() {
        parts.push(("statements", statements));
    }
    marks::filled(old, &parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stale_page_says_where() {
        let page =
            |old: &str, new: &str| Page { path: "a.md".into(), old: old.into(), new: new.into() };
        assert_eq!(page("a\nb\n", "a\nb\n").first_difference(), None);
        assert_eq!(page("a\nb\n", "a\nc\n").first_difference(), Some((2, "c")));
        assert_eq!(page("", "a\n").first_difference(), Some((1, "a")));
        assert!(page("a\nb\n", "a\n").first_difference().is_some());
    }
}
