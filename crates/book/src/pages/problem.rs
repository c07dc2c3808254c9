//! The index by problem.

use crate::links;
use crate::site::Page;
use tour::data::{File, groups, recipes};

pub fn page() -> Page {
    let mut text = "## To take to work\n\n".to_string();
    for recipe in recipes() {
        let to = links::recipe(recipe.name);
        text += &entry(recipe.problem.en, &format!("[`{}`]({to})", recipe.name), &recipe.words);
    }
    text += "\n## What goes wrong\n";
    for group in groups() {
        text += &format!("\n### {}\n\n", group.name.en);
        for problem in group.problems() {
            let link = |file: &File| format!("[`{}`](<{}>)", file.path(), links::snippet(*file));
            let programs: Vec<_> = problem.programs.iter().map(link).collect();
            text += &entry(problem.problem.en, &programs.join(", "), &problem.words);
        }
    }
    super::page("problems.md", "By problem", 0, &text)
}

/// The words are for the search: one finds the problem by its symptoms.
fn entry(problem: &str, links: &str, words: &[&str]) -> String {
    let words = words.join(" · ");
    format!("- **{problem}**\n\n  {links}\n\n  <span class=\"words\">{words}</span>\n")
}
