//! This workspace as `cargo test` builds it. What that has just built is not built again: to it come only the
//! programs of the sections.
//!
//! With the flag of the workspace, or without: see `scripts/without-flag`.

use super::{Dependencies, WORKSPACE, messages};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::LazyLock;
use toml::{Table, Value as Toml};

/// What cargo says of each thing that it has built.
static MESSAGES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let mut cargo = Command::new(env!("CARGO"));
    // No `--package`: with the features of one alone, all that it depends on would be built anew.
    // With a test, so that features are those of `cargo test`.
    cargo.args(["build", "--bins", "--test", "promises"]).current_dir(WORKSPACE);
    cargo.args(if cfg!(debug_assertions) { &["--profile", "test"][..] } else { &["--release"] });
    let messages = messages(&mut cargo);
    assert!(messages.iter().all(|it| it["reason"] != "build-finished" || it["success"] == true));
    messages
});

fn artifacts() -> impl Iterator<Item = &'static Value> {
    let all = MESSAGES.iter().filter(|message| message["reason"] == "compiler-artifact");
    // A crate with its tests has the same name.
    all.filter(|artifact| artifact["profile"]["test"] == false)
}

/// The program of this name.
pub fn program(name: &str) -> Command {
    let mut programs = artifacts().filter(|artifact| artifact["target"]["name"] == name);
    let file = programs.find_map(|artifact| artifact["executable"].as_str());
    let mut program = Command::new(file.unwrap_or_else(|| panic!("no program {name}")));
    // Whatever the locale of whoever runs the tests.
    program.env("TOUR_LANG", "en");
    program
}

/// All libraries, for a compiler that is called without cargo.
pub fn dependencies() -> Dependencies {
    Dependencies::of(artifacts())
}

/// The packages of the registry, as dependencies of another package: with these versions and features, they are
/// built already. Leaves out `unwanted`, and those that depend on it.
pub fn packages_without(unwanted: Option<&str>) -> Table {
    let left_out = unwanted.map(those_that_depend_on).unwrap_or_default();
    let mut packages = BTreeMap::<_, Option<Table>>::new();
    for artifact in artifacts() {
        let Some((name, version)) = of_the_registry(artifact) else { continue };
        if left_out.contains(name) {
            continue;
        }
        let package = Table::from_iter([
            ("package".to_string(), name.into()),
            ("version".to_string(), format!("={version}").into()),
            ("default-features".to_string(), false.into()),
            ("features".to_string(), Toml::try_from(&artifact["features"]).expect("names")),
        ]);
        let key = format!("{name}-{}", version.replace(['.', '+'], "-"));
        // One that is there twice, with the features for macros and for programs, is left to those that need it.
        packages.entry(key).and_modify(|it| *it = None).or_insert(Some(package));
    }
    packages.into_iter().filter_map(|(key, package)| Some((key, package?.into()))).collect()
}

/// The name and the version of a library that is not of this workspace.
fn of_the_registry(artifact: &Value) -> Option<(&str, &str)> {
    if artifact["target"]["kind"][0] == "custom-build" {
        return None;
    }
    let (_, package) =
        artifact["package_id"].as_str()?.strip_prefix("registry+")?.split_once('#')?;
    package.split_once('@')
}

/// The packages that need this one, themselves or by others, and it.
fn those_that_depend_on(name: &str) -> BTreeSet<String> {
    let lock: Table = super::read("Cargo.lock").parse().expect("it is TOML");
    let packages = lock["package"].as_array().expect("a table each");
    let mut found = BTreeSet::from([name.to_string()]);
    loop {
        let before = found.len();
        for package in packages {
            let needs = package.get("dependencies").and_then(Toml::as_array);
            let mut needs = needs.into_iter().flatten().filter_map(Toml::as_str);
            // `NAME`, or `NAME VERSION` where there are two.
            if needs.any(|needed| found.contains(needed.split(' ').next().unwrap_or_default())) {
                found.insert(package["name"].as_str().expect("it has a name").to_string());
            }
        }
        if found.len() == before {
            return found;
        }
    }
}
