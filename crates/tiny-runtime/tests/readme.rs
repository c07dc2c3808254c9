//! The README is the way into this crate: what its tables say of a file stands in the file, and what
//! it names exists. That they list the files in their order is checked in `layers.rs`.

#![cfg(not(loom))]

use std::fs;
use std::path::Path;

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

/// With comments, and without tests. What one reads in an evening is also without the examples, which
/// are for those who use an item, not for those who read how it works.
#[test]
fn no_file_is_over_250_lines_and_the_first_evening_not_over_3_600() {
    let (_, first_evening) = README.split_once("### The first evening").unwrap();
    let (first_evening, _) = first_evening.split_once("### The second evening").unwrap();
    let mut sum = 0;
    for [name, ..] in rows() {
        let source = read(format!("src/{name}.rs"));
        let tests = source.find("\n#[cfg(all(test, not(loom)))]\nmod tests {");
        let source = &source[..tests.unwrap_or(source.len())];
        let lines = source.lines().count();
        assert!(lines <= 250, "{name}: {lines}");
        if first_evening.contains(&format!("](src/{name}.rs)")) {
            sum += lines - lines_of_examples(source);
        }
    }
    assert!(0 < sum && sum <= 3_600, "{sum}");
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
