//! Each atomic access says with which access it pairs, and what a weaker ordering would lose: in a table
//! at the head of its file. A row names the word, or the function that accesses it, and the ordering.

#![cfg(not(loom))]

use std::fs;
use std::path::{Path, PathBuf};

const TABLE: &str = "//! | access | pairs with | a weaker ordering would lose |";
const ORDERINGS: [&str; 5] = ["Relaxed", "Acquire", "Release", "AcqRel", "SeqCst"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if !path.ends_with("tests.rs") && !path.ends_with("models.rs") {
            found.push(path);
        }
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// One call with orderings: those, and the names by which a row may call it.
struct Access<'a> {
    line: usize,
    orderings: Vec<&'a str>,
    names: Vec<&'a str>,
}

fn accesses(source: &str) -> Vec<Access<'_>> {
    let lines: Vec<&str> = source.lines().collect();
    let mut accesses = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let line = line.split("//").next().unwrap();
        let orderings: Vec<_> = words(line).filter(|word| ORDERINGS.contains(word)).collect();
        if orderings.is_empty() || line.trim_start().starts_with("use ") {
            continue;
        }
        let function = lines[..at].iter().rev().find_map(|line| {
            let (before, after) = line.split("//").next()?.split_once("fn ")?;
            let is_item = before.trim().is_empty() || before.trim().starts_with("pub");
            is_item.then(|| words(after).next()).flatten()
        });
        // The call may stand on the line below its word.
        let names = words(line).chain(words(lines[at - 1])).chain(function).collect();
        accesses.push(Access { line: at + 1, orderings, names });
    }
    accesses
}

/// The words in backticks of each row's first two cells, which name accesses.
fn rows(source: &str) -> Vec<Vec<&str>> {
    let table = source.lines().skip_while(|line| *line != TABLE).skip(2);
    let rows = table.map_while(|line| line.strip_prefix("//! | "));
    rows.map(|row| {
        let cells = row.splitn(3, " | ").take(2);
        cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).flat_map(words).collect()
    })
    .collect()
}

fn is_of(row: &[&str], access: &Access) -> bool {
    let (orderings, names): (Vec<_>, Vec<_>) =
        row.iter().partition(|word| ORDERINGS.contains(word));
    names.iter().any(|name| access.names.contains(name))
        && orderings.iter().any(|ordering| access.orderings.contains(ordering))
}

#[test]
fn every_atomic_access_stands_in_the_table_of_its_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&root, &mut found);
    let mut count = 0;
    let mut missing = Vec::new();
    for path in found.iter().filter(|path| !path.ends_with("sync.rs")) {
        let source = fs::read_to_string(path).unwrap();
        let rows = rows(&source);
        for access in accesses(&source) {
            count += 1;
            if !rows.iter().any(|row| is_of(row, &access)) {
                let file = path.strip_prefix(&root).unwrap().display();
                missing.push(format!("{file}:{}: {:?}", access.line, access.orderings));
            }
        }
    }
    assert!(count > 90, "the test reads the sources: {count}");
    assert!(missing.is_empty(), "in no table: {missing:#?}");
}
