//! Every public item has an example that runs: `cargo test --doc` runs it. And comments are in plain words.

#![cfg(not(loom))]

use std::fs;
use std::path::{Path, PathBuf};

/// Items without an example of their own: the file, the item (`*`: all of them), and the reason.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("net/tcp/halves", "*", "each is the method of the stream that its doc names"),
    ("net/address", "trait Sealed", "a private module seals the trait"),
    ("net/address", "enum Target", "a private module seals the trait"),
    ("runtime/builder/settings", "fn enable_io", "as `enable_all`"),
    ("runtime/builder/settings", "fn enable_time", "as `enable_all`"),
    ("runtime/io/readiness", "const READABLE", "its type has the example"),
    ("runtime/io/readiness", "const WRITABLE", "its type has the example"),
    ("runtime/io/readiness", "const READ_CLOSED", "its type has the example"),
    ("runtime/io/readiness", "const WRITE_CLOSED", "its type has the example"),
    ("runtime/io/readiness", "const EMPTY", "its type has the example"),
];

struct Item {
    file: String,
    /// `fn spawn`
    name: String,
    has_example: bool,
}

impl Item {
    fn exception(&self) -> Option<usize> {
        let is_it = |(file, name, _): &(&str, &str, &str)| {
            *file == self.file && (*name == "*" || *name == self.name)
        };
        EXCEPTIONS.iter().position(is_it)
    }
}

fn every_file(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { every_file(&path, found) } else { found.push(path) }
    }
}

/// Returns the items of a file that are `pub`, and not `pub(crate)`.
fn items(file: &str, source: &str) -> Vec<Item> {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let name = |line: &&str| {
        let mut words =
            line.strip_prefix("pub ")?.split(|c: char| !c.is_alphanumeric() && c != '_');
        let kinds = ["fn", "struct", "enum", "trait", "type", "const"];
        let mut kind = words.find(|word| kinds.contains(word))?;
        let mut name = words.next()?;
        if name == "fn" {
            (kind, name) = (name, words.next()?); // a `const fn`
        }
        Some(format!("{kind} {name}"))
    };
    let mut items = Vec::new();
    for (at, name) in lines.iter().enumerate().filter_map(|(at, line)| Some((at, name(line)?))) {
        let above = lines[..at].iter().rev();
        let of_item = above.take_while(|line| line.starts_with("///") || line.starts_with("#["));
        // Not one that only has to be refused, as with `compile_fail`.
        let has_example = of_item.filter(|line| **line == "/// ```").count() >= 2;
        items.push(Item { file: file.to_owned(), name, has_example });
    }
    items
}

#[test]
fn every_public_item_has_an_example() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    every_file(&root, &mut found);
    found.retain(|path| !path.ends_with("tests.rs") && !path.ends_with("models.rs"));
    let mut all = Vec::new();
    for path in found {
        let file = path.strip_prefix(&root).unwrap().with_extension("");
        let file = file.to_str().unwrap().replace('\\', "/");
        all.extend(items(&file, &fs::read_to_string(&path).unwrap()));
    }
    assert!(all.len() > 200, "the test reads the sources: {}", all.len());
    let bare = all.iter().filter(|item| !item.has_example);
    let missing = bare.clone().filter(|item| item.exception().is_none());
    let missing: Vec<_> = missing.map(|item| format!("{}: {}", item.file, item.name)).collect();
    assert!(missing.is_empty(), "without an example: {missing:#?}");
    let used: Vec<_> = bare.filter_map(Item::exception).collect();
    let stale: Vec<_> = (0..EXCEPTIONS.len()).filter(|at| !used.contains(at)).collect();
    assert!(stale.is_empty(), "exceptions that are not needed: {stale:?}");
}

/// A sentence that begins with one of these hides who does what.
const RIDDLES: [&str; 9] =
    ["Who", "Whoever", "Whom", "What", "Whatever", "So many", "Also", "Else", "Nor"];

fn begins_a_sentence(text: &str, start: &str) -> bool {
    let is_whole = |rest: &str| !rest.starts_with(char::is_alphanumeric);
    let begins = |sentence: &str| sentence.strip_prefix(start).is_some_and(is_whole);
    begins(text) || text.split(". ").skip(1).any(begins)
}

#[test]
fn no_sentence_of_a_comment_begins_with_a_riddle() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in ["src", "tests", "examples"] {
        every_file(&root.join(folder), &mut found);
    }
    let mut riddles = Vec::new();
    for path in found {
        for line in fs::read_to_string(&path).unwrap().lines() {
            let Some((_, text)) = line.split_once("//") else { continue };
            let text = text.trim_start_matches(['/', '!']).trim_start();
            if RIDDLES.iter().any(|start| begins_a_sentence(text, start)) {
                riddles.push(format!("{}: {line}", path.display()));
            }
        }
    }
    assert!(riddles.is_empty(), "{riddles:#?}");
}
