//! The recipes.

use super::page;
use crate::links;
use crate::site::Page;
use crate::source::{block, docs, folded, read, split};
use std::path::Path;
use tour::data::{Recipe, documents, recipes};

pub fn pages(root: &Path) -> Result<Vec<Page>, String> {
    let row = |recipe: &Recipe| {
        format!("- [`{}`]({}): {}\n", recipe.name, links::recipe(recipe.name), recipe.problem.en)
    };
    let list: String = recipes().iter().map(row).collect();
    let mut pages = vec![page("recipes.md", "Recipes", 0, &list)];
    for recipe in recipes() {
        pages.push(one(root, recipe)?);
    }
    Ok(pages)
}

fn one(root: &Path, recipe: &Recipe) -> Result<Page, String> {
    let Recipe { name, problem, sections, needs, rust, .. } = recipe;
    let source = read(root, &format!("crates/recipes/src/{name}.rs"))?;
    let (program, tests) = split(&source);
    let mut text = format!("{}.\n\n", problem.en);
    text += &block("console", &format!("$ cargo run -- copy {name} ../my-app --apply"));
    text += &format!("\n{}\n", unlinked(&docs(program)));
    let needs = needs.iter().map(|(krate, features)| match features[..] {
        [] => format!("`{krate}`"),
        _ => format!("`{krate}` ({})", features.join(", ")),
    });
    let needs: Vec<_> = [format!("Rust {rust}")].into_iter().chain(needs).collect();
    text += &format!("## The file\n\nIt needs {}.\n\n", needs.join(", "));
    text += &block("rust", program);
    if !tests.is_empty() {
        text += &folded("Its tests", &block("rust", tests));
    }
    let path = links::recipe(name);
    let taught = sections.iter().filter_map(|place| taught(place, &path)).collect::<String>();
    if !taught.is_empty() {
        text += &format!("## Taught in\n\n{taught}");
    }
    Ok(page(&path, name, 1, &text))
}

/// A line with a link to the section called `guide 2.5`.
fn taught(place: &str, path: &str) -> Option<String> {
    let document = documents().iter().find(|it| place.starts_with(it.name))?;
    let section = document.section(place.strip_prefix(document.name)?.trim())?;
    let to = links::between(path, &links::section(document, section));
    Some(format!("- The {}, [{}](<{to}>)\n", document.name, section.title()))
}

/// Names of items link to their docs in rustdoc alone.
fn unlinked(docs: &str) -> String {
    let mut text = String::new();
    let mut rest = docs;
    while let Some((before, name, after)) = rest.split_once("[`").and_then(|(before, rest)| {
        let (name, after) = rest.split_once("`]")?;
        Some((before, name, after))
    }) {
        text += before;
        text += &if after.starts_with('(') { format!("[`{name}`]") } else { format!("`{name}`") };
        rest = after;
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_an_item_stays_without_its_link() {
        assert_eq!(unlinked("A [`Retry`] and [`x`](y), [`z`]."), "A `Retry` and [`x`](y), `z`.");
        assert_eq!(unlinked("[`open"), "[`open");
    }
}
