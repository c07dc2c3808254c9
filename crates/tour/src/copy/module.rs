//! The text of a recipe as the module of another package.

use super::mod_line::Outline;
use super::without_tests;
use std::collections::BTreeMap;

/// The name of the module there.
#[derive(Debug)]
pub struct Place<'a> {
    /// The crate, as paths have it.
    pub krate: &'a str,
    pub module: &'a str,
    /// The name in the recipe and the name in the manifest, of dependencies that have two.
    pub renamed: &'a BTreeMap<String, String>,
}

/// `source`, the recipe `name`, at its place: the paths of its documentation are those of the
/// package, and a dependency has the name that it has there.
pub fn text(source: &str, name: &str, place: &Place<'_>, with_tests: bool) -> String {
    let source = if with_tests { source.to_string() } else { without_tests(source) };
    let aliases: Vec<String> =
        place.renamed.iter().map(|(ours, theirs)| format!("use {theirs} as {ours};")).collect();
    let documented = documentation(&source, name, place, &aliases);
    if aliases.is_empty() {
        return documented;
    }
    let head = Outline::of(&documented).map_or(0, |outline| outline.start());
    let lines: Vec<&str> = documented.split_inclusive('\n').collect();
    let aliases = aliases.join("\n");
    format!("{}\n{aliases}\n{}", lines[..head].concat(), lines[head..].concat())
}

/// Whether `cargo test` runs an example of its documentation, if it is in a library.
pub fn has_an_example(source: &str) -> bool {
    let mut is_open = false;
    source.lines().filter_map(doc).any(|line| fence(line, &mut is_open))
}

fn documentation(source: &str, name: &str, place: &Place<'_>, aliases: &[String]) -> String {
    let (from, to) = (format!("recipes::{name}"), format!("{}::{}", place.krate, place.module));
    let mut text = String::new();
    let mut is_open = false;
    for line in source.lines() {
        let Some(inner) = doc(line) else {
            text += &format!("{line}\n");
            continue;
        };
        text += &format!("{}\n", replaced(line, &from, &to));
        if fence(inner, &mut is_open) {
            let start = &line[..line.len() - inner.len()];
            for alias in aliases {
                text += &format!("{start} # {alias}\n");
            }
        }
    }
    text
}

/// The rest of a line of documentation.
fn doc(line: &str) -> Option<&str> {
    let line = line.trim_start();
    line.strip_prefix("///").or_else(|| line.strip_prefix("//!"))
}

/// Whether an example begins with this line: code that is compiled.
fn fence(line: &str, is_open: &mut bool) -> bool {
    let Some(tags) = line.trim_start().strip_prefix("```") else {
        return false;
    };
    *is_open = !*is_open;
    let is_rust = |tag: &str| {
        matches!(tag, "" | "rust" | "no_run" | "should_panic") || tag.starts_with("edition")
    };
    *is_open && tags.split(',').all(|tag| is_rust(tag.trim()))
}

/// Only whole names: `recipes::retry` is not in `recipes::retry_all`.
fn replaced(line: &str, from: &str, to: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once(from) {
        let goes_on = after.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_');
        text += before;
        text += if goes_on { from } else { to };
        rest = after;
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECIPE: &str = "\
//! Call something again, as [`recipes::retry`] does.
//!
//! ```
//! use recipes::retry::retry;
//! ```

use tokio::time;

/// Not `recipes::retry_all`.
///
/// ```text
/// recipes::retry
/// ```
pub fn retry() {}

#[cfg(test)]
mod tests {}
";

    fn at(renamed: &[(&str, &str)], with_tests: bool) -> String {
        let renamed = renamed.iter().map(|(ours, theirs)| (ours.to_string(), theirs.to_string()));
        let renamed = renamed.collect();
        let place = Place { krate: "my_app", module: "again", renamed: &renamed };
        text(RECIPE, "retry", &place, with_tests)
    }

    #[test]
    fn its_documentation_names_the_crate_that_it_is_in() {
        let text = at(&[], false);
        assert!(text.starts_with("//! Call something again, as [`my_app::again`] does.\n"));
        assert!(text.contains("//! use my_app::again::retry;\n//! ```\n\nuse tokio::time;\n"));
        assert!(text.contains("/// Not `recipes::retry_all`.\n"));
        assert!(text.contains("/// my_app::again\n"));
        assert!(text.ends_with("pub fn retry() {}\n"));
    }

    #[test]
    fn its_tests_come_if_they_are_wanted() {
        assert_eq!(at(&[], true), at(&[], false) + "\n#[cfg(test)]\nmod tests {}\n");
    }

    #[test]
    fn a_dependency_with_another_name_has_it_in_the_code_and_in_the_examples() {
        let text = at(&[("tokio", "rt")], false);
        let example = "//! ```\n//! # use rt as tokio;\n//! use my_app::again::retry;\n//! ```\n";
        assert!(
            text.contains(&format!("{example}\nuse rt as tokio;\n\nuse tokio::time;\n")),
            "{text}"
        );
        assert_eq!(text.matches("use rt as tokio;").count(), 2, "the second block is no code");
    }

    #[test]
    fn an_example_is_code_that_is_compiled() {
        assert!(has_an_example(RECIPE));
        assert!(has_an_example("/// ```no_run\n/// ```\n"));
        assert!(!has_an_example("/// ```text\n/// ```\n"));
        assert!(!has_an_example("// ```\n"));
    }
}
