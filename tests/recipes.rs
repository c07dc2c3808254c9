//! Promise: every recipe is a module that compiles in a stranger's package, with what it says it needs.

mod support;

use std::collections::BTreeMap;
use std::path::Path;
use support::{Stranger, read};
use toml::{Table, Value};

const LONGEST: usize = 150;

/// A crate's name and its features.
type Crates = BTreeMap<String, Vec<String>>;

struct Recipe {
    name: String,
    needs: Crates,
    tests: Crates,
}

fn toml(path: &str) -> Table {
    read(path).parse().unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn recipes() -> Vec<Recipe> {
    let list = toml("crates/recipes/recipes.toml");
    let recipes = list["recipe"].as_array().expect("a table each").iter().map(|recipe| Recipe {
        name: recipe["name"].as_str().expect("it has a name").to_string(),
        needs: recipe["needs"].clone().try_into().expect("crates and their features"),
        tests: recipe["tests"].clone().try_into().expect("crates and their features"),
    });
    recipes.collect()
}

impl Recipe {
    fn source(&self) -> String {
        read(format!("crates/recipes/src/{}.rs", self.name))
    }

    /// The file without its tests: what `copy` puts into a package.
    fn copied(&self) -> String {
        let source = self.source();
        let (copied, _) = source.split_once("\n#[cfg(test)]\nmod tests {").expect("it has tests");
        copied.to_string()
    }

    fn needs_and_tests(&self) -> Crates {
        join([&self.needs, &self.tests])
    }
}

fn join<'a>(crates: impl IntoIterator<Item = &'a Crates>) -> Crates {
    let mut all = Crates::new();
    for (name, features) in crates.into_iter().flatten() {
        all.entry(name.clone()).or_default().extend(features.iter().cloned());
    }
    all
}

/// The lines of a manifest: the versions are those that `crates/recipes` has.
fn dependencies(crates: &Crates) -> String {
    let manifest = toml("crates/recipes/Cargo.toml");
    let line = |(name, features): (&String, &Vec<String>)| {
        let known = ["dependencies", "dev-dependencies"].map(|kind| manifest[kind].get(name));
        let known = known.into_iter().flatten().next();
        let mut known =
            known.unwrap_or_else(|| panic!("recipes does not depend on {name}")).clone();
        if let Value::String(_) = known {
            known = Value::Table(Table::from_iter([("version".to_string(), known)]));
        }
        let table = known.as_table_mut().expect("a version, or a table");
        table.insert("features".to_string(), features.clone().into());
        format!("{name} = {known}\n")
    };
    crates.iter().map(line).collect()
}

/// A program that has these modules and does not use them. A warning is a failure.
fn paste(edition: &str, name: &str, crates: &Crates, modules: &[(String, String)], test: bool) {
    let source = |(name, text): &(String, String)| format!("mod {name} {{\n{text}\n}}\n");
    let program = modules.iter().map(source).collect::<String>() + "\nfn main() {}\n";
    let programs = [("main".to_string(), program)];
    let kind = format!("recipes-{edition}");
    let stranger = Stranger::of_edition(edition, &kind, name, &dependencies(crates), &programs);
    let diagnostics = if test { stranger.check_tests() } else { stranger.check() };
    let said: String = diagnostics.iter().map(|diagnostic| &*diagnostic.rendered).collect();
    assert!(said.is_empty(), "{name}, edition {edition}:\n{said}");
}

/// Shows that a module stands alone: none names another, and all compile unused in a program.
#[test]
fn every_recipe_compiles_in_the_editions_2021_and_2024() {
    let recipes = recipes();
    let modules: Vec<_> = recipes.iter().map(|it| (it.name.clone(), it.copied())).collect();
    let with_tests: Vec<_> = recipes.iter().map(|it| (it.name.clone(), it.source())).collect();
    let crates = join(&recipes.iter().map(Recipe::needs_and_tests).collect::<Vec<_>>());
    for edition in ["2021", "2024"] {
        paste(edition, "copied", &crates, &modules, false);
        paste(edition, "with-tests", &crates, &with_tests, true);
    }
}

/// Crates and features that a package has for one recipe hide what another one does not list.
/// Each set of features builds its dependencies anew, so only CI does this: `scripts/alone`.
#[test]
#[ignore = "takes minutes"]
fn every_recipe_needs_no_more_than_it_lists() {
    for recipe in recipes() {
        let copied = [(recipe.name.clone(), recipe.copied())];
        paste("2021", &recipe.name, &recipe.needs, &copied, false);
        let with_tests = [(recipe.name.clone(), recipe.source())];
        let name = format!("{}-tests", recipe.name);
        paste("2021", &name, &recipe.needs_and_tests(), &with_tests, true);
    }
}

#[test]
fn each_file_has_its_table_and_its_line_in_alphabetical_order() {
    let listed: Vec<_> = recipes().into_iter().map(|recipe| recipe.name).collect();
    let library = read("crates/recipes/src/lib.rs");
    let modules = library.lines().filter_map(|it| it.strip_prefix("pub mod ")?.strip_suffix(';'));
    assert_eq!(modules.collect::<Vec<_>>(), listed);
    let folder = Path::new(support::WORKSPACE).join("crates/recipes/src");
    let files = folder.read_dir().unwrap().map(|file| file.unwrap().path());
    let names = files.map(|file| file.file_stem().unwrap().to_str().unwrap().to_string());
    let mut names: Vec<_> = names.filter(|name| name != "lib").collect();
    names.sort();
    assert_eq!(names, listed);
}

/// What another package would have to change, or would be surprised by.
#[test]
fn every_recipe_is_short_silent_and_names_no_other_file() {
    for recipe in recipes() {
        let (name, copied) = (&recipe.name, recipe.copied());
        let lines = copied.lines().count();
        assert!(lines <= LONGEST, "{name}: {lines} lines before its tests");
        let code: Vec<_> = copied.lines().filter(|it| !it.trim_start().starts_with("//")).collect();
        for word in
            ["print!", "println!", "fn main", "env::", "env!", "crate::", "super::", "recipes"]
        {
            assert!(!code.iter().any(|line| line.contains(word)), "{name}: {word}");
        }
        assert!(copied.starts_with("//! "), "{name}: no header");
        let example = format!("//! # use recipes::{name}::");
        assert!(copied.lines().any(|line| line.starts_with(&example)), "{name}: no {example}");
        assert!(!recipe.source().contains("utils::"), "{name}: its tests name this workspace");
    }
}
