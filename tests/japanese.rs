//! Promise: a reader of Japanese is told the same. That each text of the data is translated, is
//! `written.rs`; here it is that both READMEs say so with the same commands and the same links.

use crate::support::{WORKSPACE, read};
use std::collections::BTreeSet;
use std::path::Path;

fn readmes() -> [String; 2] {
    ["README.md", "README.ja.md"].map(|name| read(Path::new(WORKSPACE).join(name)))
}

#[test]
fn both_readmes_have_the_same_commands() {
    let [english, japanese] = readmes();
    assert!(commands(&english).len() > 10);
    assert_eq!(commands(&english), commands(&japanese));
}

#[test]
fn both_readmes_link_to_the_same_files_and_name_the_same_scripts() {
    let [english, japanese] = readmes();
    for set in [links, scripts] {
        let (one, other) = (set(&english), set(&japanese));
        let differs: Vec<_> = one.symmetric_difference(&other).collect();
        assert!(one.len() > 10 && differs.is_empty(), "{differs:?}");
    }
}

/// Each has the same chapters, in the same order.
#[test]
fn both_readmes_have_as_many_headings() {
    let count = |text: &String| text.lines().filter(|line| line.starts_with("## ")).count();
    let [english, japanese] = readmes();
    assert_eq!(count(&english), count(&japanese));
}

/// Without comments and what is searched for: the lines of the blocks for a shell.
fn commands(readme: &str) -> Vec<String> {
    let blocks = readme.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let without_comment = |line: &str| line.split("  #").next().unwrap_or(line).trim().to_string();
    let without_words = |line: String| line.split('"').step_by(2).collect::<Vec<_>>().join("\"\"");
    blocks.flat_map(str::lines).map(without_comment).map(without_words).collect()
}

/// To files, each as the English one.
fn links(readme: &str) -> BTreeSet<String> {
    let targets = readme.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let files = targets.filter(|target| !target.starts_with('#') && !target.starts_with("README"));
    files.map(|target| target.replace("/README.ja.md", "").replace(".ja.md", ".md")).collect()
}

fn scripts(readme: &str) -> BTreeSet<String> {
    let spans = readme.split('`').skip(1).step_by(2);
    spans.filter(|span| span.starts_with("scripts/")).map(String::from).collect()
}
