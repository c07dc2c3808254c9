//! The README is the way into this crate: what its tables say of a file stands in the file, and what
//! it names exists. That they list the files in their order is checked in `layers.rs`.

#![cfg(not(loom))]

use std::fs;
use std::path::{Path, PathBuf};

const README: &str = include_str!("../README.md");

/// `[name, concept, sections, counterpart]` of each row that links a file.
fn rows() -> Vec<[&'static str; 4]> {
    let rows = README.lines().filter_map(|line| line.strip_prefix("| [`")?.strip_suffix(" |"));
    rows.map(|row| {
        let cells: Vec<_> = row.split(" | ").collect();
        let [link, concept, sections, counterpart] = cells[..] else { panic!("{row}") };
        let (name, target) = link.split_once("`](src/").unwrap();
        assert_eq!(target, format!("{name}.rs)"));
        [name, concept, sections, counterpart]
    })
    .collect()
}

fn read(path: impl AsRef<Path>) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = fs::read_to_string(&path);
    let text = text.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.replace("\r\n", "\n")
}

#[test]
fn the_header_of_each_file_names_the_counterpart_that_the_table_names() {
    for [name, concept, sections, counterpart] in rows() {
        assert!(!concept.is_empty() && !sections.is_empty(), "{name}");
        let source = read(format!("src/{name}.rs"));
        let header: String = source.lines().take_while(|line| line.starts_with("//!")).collect();
        match counterpart.strip_prefix('`').and_then(|path| path.strip_suffix('`')) {
            Some(path) => assert!(header.contains(&format!("`tokio/src/{path}")), "{name}: {path}"),
            // A part of a file that names it, or what Tokio does not have.
            None => assert!(
                !header.contains("counterpart: `tokio/src/") && counterpart == "–",
                "{name}: {counterpart}"
            ),
        }
    }
}

/// All files of these folders, and of those below.
fn sources(folders: &[&str]) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut left: Vec<_> = folders.iter().map(|folder| root.join(folder)).collect();
    let mut files = Vec::new();
    while let Some(path) = left.pop() {
        if path.is_dir() {
            left.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            files.push(path);
        }
    }
    files
}

#[test]
fn no_file_is_over_250_lines() {
    let files = sources(&["src", "tests", "examples"]);
    assert!(files.len() > 150, "{}", files.len());
    for file in files {
        let lines = read(&file).lines().count();
        assert!(lines <= 250, "{}: {lines}", file.display());
    }
}

/// Without tests, and without the examples: these are for readers who use an item, not for readers who
/// want to know how it works.
#[test]
fn the_first_evening_is_not_over_3_800_lines() {
    let (_, first_evening) = README.split_once("### The first evening").unwrap();
    let (first_evening, _) = first_evening.split_once("### The second evening").unwrap();
    let names = rows().into_iter().map(|[name, ..]| name);
    let of_it = names.filter(|name| first_evening.contains(&format!("](src/{name}.rs)")));
    let lines = of_it.map(|name| {
        let source = read(format!("src/{name}.rs"));
        let tests = source.find("\n#[cfg(all(test, not(loom)))]\nmod tests {");
        let source = &source[..tests.unwrap_or(source.len())];
        source.lines().count() - lines_of_examples(source)
    });
    let sum: usize = lines.sum();
    assert!(0 < sum && sum <= 3_800, "{sum}");
}

fn lines_of_examples(source: &str) -> usize {
    let mut is_inside = false;
    let of_example = |line: &&str| {
        let is_fence = line.trim_start().starts_with("/// ```");
        is_inside ^= is_fence;
        is_inside || is_fence
    };
    source.lines().filter(of_example).count()
}

/// `file.rs::test` in backticks.
#[test]
fn every_test_that_the_readme_names_exists() {
    let spans = README.split('`').skip(1).step_by(2);
    let mut tests = 0;
    for (file, test) in spans.filter_map(|span| span.split_once(".rs::")) {
        let source = read(format!("{file}.rs"));
        assert!(source.contains(&format!("fn {test}(")), "{file}.rs has no {test}");
        tests += 1;
    }
    assert!(tests > 12, "{tests}");
}
