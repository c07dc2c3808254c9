//! All pages, in the order of the table of contents.

mod document;
mod exercise;
mod problem;
mod recipe;
mod section;
mod statement;

use crate::site::Page;
use crate::{links, source};
use std::path::Path;
use tour::data::{crates, documents};

/// Reads the workspace. The error names the file.
pub fn all(root: &Path) -> Result<Vec<Page>, String> {
    let first = file(root, "README.md", "index.md", 0)?;
    let mut pages = vec![first, file(root, "README.ja.md", "ja.md", 0)?, problem::page()];
    for document in documents() {
        pages.extend(document::pages(root, document)?);
    }
    pages.extend(recipe::pages(root)?);
    pages.extend(exercise::pages(root)?);
    pages.push(file(root, "crates/tiny-runtime/README.md", "tiny-runtime.md", 0)?);
    pages.push(page("crates.md", "By crate", 0, &by_crate()));
    for krate in crates() {
        let readme = format!("crates/sections/{}/README.md", krate.name);
        pages.push(file(root, &readme, &links::krate(krate.name), 1)?);
    }
    pages.push(file(root, "CONTRIBUTING.md", "contributing.md", 0)?);
    Ok(pages)
}

fn page(path: &str, title: &str, depth: usize, text: &str) -> Page {
    let text = format!("# {title}\n\n{text}");
    Page { path: path.to_string(), title: title.to_string(), text, pictures: Vec::new(), depth }
}

/// A Markdown file of the workspace as it is, but for its links.
fn file(root: &Path, origin: &str, path: &str, depth: usize) -> Result<Page, String> {
    let text = source::read(root, origin)?;
    let title = text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or(origin);
    let title = title.to_string();
    let pictures = links::pictures(&text, origin);
    let text = links::moved(&text, origin, path);
    Ok(Page { path: path.to_string(), title, text, pictures, depth })
}

fn by_crate() -> String {
    let row = |krate: &tour::data::Crate| {
        format!("- [`{}`]({}): {}\n", krate.name, links::krate(krate.name), krate.shows.en)
    };
    crates().iter().map(row).collect()
}
