//! Promise: the compilers that the manifests name are the ones that build this, and no lint stops a
//! user's build.
//!
//! `scripts/msrv` and `scripts/lint` run the compilers. Here are the facts that they rely on.

use crate::support::{WORKSPACE, packages};
use std::fs;
use std::path::{Path, PathBuf};
use toml::Table;

/// The packages whose code goes into other people's programs.
const FOR_OTHERS: [&str; 1] = ["tiny-runtime"];

/// A compiler gets new lints with each release. `deny` would turn one of these into a broken build.
#[test]
fn no_manifest_denies_a_lint() {
    for manifest in manifests() {
        let table = read(&manifest);
        let workspace = table.get("workspace").and_then(|workspace| workspace.get("lints"));
        for lints in [workspace, table.get("lints")].into_iter().flatten() {
            for (tool, lints) in lints.as_table().into_iter().flatten() {
                let levels = lints.as_table().into_iter().flatten();
                for (lint, level) in levels {
                    let level = level.get("level").unwrap_or(level);
                    let denied = [Some("deny"), Some("forbid")].contains(&level.as_str());
                    assert!(!denied, "{}: {tool}::{lint} = {level}", manifest.display());
                }
            }
        }
    }
}

/// The same for the code, in which an attribute would do it. `unsafe_code` may be forbidden: it says
/// what this code has, and no newer compiler sees `unsafe` where there is none.
#[test]
fn no_file_denies_a_lint() {
    let mut files = Vec::new();
    rust_files(&Path::new(WORKSPACE).join("crates"), &mut files);
    assert!(files.len() > 100, "{}", files.len());
    for file in files {
        let source = fs::read_to_string(&file).expect("it can be read");
        let source = source.replace("#![forbid(unsafe_code)]", "");
        for attribute in ["[deny(", "[forbid("] {
            assert!(!source.contains(attribute), "{} has {attribute}", file.display());
        }
    }
}

#[test]
fn the_readme_names_the_oldest_compilers() {
    let readme = fs::read_to_string(Path::new(WORKSPACE).join("README.md")).unwrap();
    let ours = rust_version(&read(&Path::new(WORKSPACE).join("Cargo.toml")));
    assert!(readme.contains(&format!("Rust {ours} or newer")), "{ours}");
    for name in FOR_OTHERS {
        let folder = Path::new(WORKSPACE).join("crates").join(name);
        let theirs = rust_version(&read(&folder.join("Cargo.toml")));
        assert!(number(&theirs) <= number(&ours), "{name}: {theirs}");
        assert!(readme.contains(&format!("Rust {theirs}")), "{theirs}");
        let readme = fs::read_to_string(folder.join("README.md")).unwrap();
        assert!(readme.contains(&format!("Rust {theirs} or newer")), "{name}: {theirs}");
    }
}

fn manifests() -> Vec<PathBuf> {
    let folders = [vec![PathBuf::from(WORKSPACE)], packages()].concat();
    folders.into_iter().map(|folder| folder.join("Cargo.toml")).collect()
}

fn read(manifest: &Path) -> Table {
    let text = fs::read_to_string(manifest).expect("it can be read");
    toml::from_str(&text).expect("it is TOML")
}

/// Its own one, or the one that it gives to its members.
fn rust_version(manifest: &Table) -> String {
    let own = manifest.get("package").and_then(|package| package["rust-version"].as_str());
    let given = || manifest["workspace"]["package"]["rust-version"].as_str();
    own.or_else(given).expect("it names one").to_string()
}

/// `1.88.0` and `1.88` are one version.
fn number(version: &str) -> Vec<u32> {
    let mut parts: Vec<u32> =
        version.split('.').map(|part| part.parse().expect("it is a number")).collect();
    parts.resize(3, 0);
    parts
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("it can be listed") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() && !path.ends_with("target") {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
