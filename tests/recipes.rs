//! Promise: every recipe is one short file that needs what it lists.
//!
//! That all work in a package of either edition is the promise of `copy_into.rs`.

use crate::support::{Stranger, read};
use std::collections::BTreeMap;
use std::path::Path;
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

/// What the compiler says of a package that has this module and these crates, and nothing else.
fn check(name: &str, module: &str, crates: &Crates, with_tests: bool) -> String {
    let program = format!("mod {name} {{\n{module}\n}}\n\nfn main() {{}}\n");
    let programs = [(name.to_string(), program)];
    let folder = if with_tests { "with-tests" } else { "alone" };
    let folder = format!("recipes-{folder}");
    let stranger = Stranger::of_edition("2021", &folder, name, &dependencies(crates), &programs);
    let diagnostics = if with_tests { stranger.check_tests() } else { stranger.check() };
    diagnostics.iter().map(|diagnostic| &*diagnostic.rendered).collect()
}

/// Crates and features that a package has for one recipe hide what another one does not list.
/// Each set of features builds its dependencies anew, so only CI does this: `scripts/alone`.
#[test]
#[ignore = "takes minutes"]
fn every_recipe_needs_no_more_than_it_lists() {
    for recipe in recipes() {
        let name = &recipe.name;
        assert_eq!(check(name, &recipe.copied(), &recipe.needs, false), "", "{name}");
        assert_eq!(check(name, &recipe.source(), &recipe.needs_and_tests(), true), "", "{name}");
    }
}

#[test]
fn each_file_has_its_table_and_its_line_in_alphabetical_order() {
    let listed: Vec<_> = recipes().into_iter().map(|recipe| recipe.name).collect();
    let library = read("crates/recipes/src/lib.rs");
    let modules = library.lines().filter_map(|it| it.strip_prefix("pub mod ")?.strip_suffix(';'));
    assert_eq!(modules.collect::<Vec<_>>(), listed);
    let folder = Path::new(crate::support::WORKSPACE).join("crates/recipes/src");
    let files = folder.read_dir().unwrap().map(|file| file.unwrap().path());
    let names = files.map(|file| file.file_stem().unwrap().to_str().unwrap().to_string());
    let mut names: Vec<_> = names.filter(|name| name != "lib").collect();
    names.sort();
    assert_eq!(names, listed);
}

/// An example and tests of a copy are built with these features, and no others.
#[test]
fn every_recipe_lists_the_features_of_its_attributes() {
    for recipe in recipes() {
        let (name, source) = (&recipe.name, recipe.source());
        let crates = recipe.needs_and_tests();
        for attribute in source.lines().flat_map(|line| line.split("#[tokio::").skip(1)) {
            let attribute = attribute.split_once(']').expect("it ends").0;
            let many = attribute == "main" || attribute.contains("\"multi_thread\"");
            let runtime = if many { "rt-multi-thread" } else { "rt" };
            let paused = attribute.contains("start_paused").then_some("test-util");
            for feature in ["macros", runtime].into_iter().chain(paused) {
                let listed = crates["tokio"]
                    .iter()
                    .any(|it| it == feature || feature == "rt" && it == "rt-multi-thread");
                assert!(listed, "{name}: #[tokio::{attribute}] needs {feature}");
            }
        }
    }
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
