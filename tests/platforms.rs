//! Promise: a test that does not run on a platform, or without a flag, says why.
//!
//! The reason stands behind the condition, so that one search finds them all:
//! `grep -rnE 'cfg\(.*\)\] // '`. It stands above a condition that fills its line.

use crate::support::{WORKSPACE, read};
use std::fs;
use std::path::{Path, PathBuf};

/// What tells one platform from another, and the flag of this workspace.
const PLATFORMS: [&str; 6] =
    ["unix", "windows", "target_os", "target_arch", "target_pointer_width", "tokio_unstable"];

#[test]
fn what_a_platform_leaves_out_says_why() {
    let (mut conditions, mut silent) = (0, Vec::new());
    for path in ["crates", "tests"].into_iter().flat_map(rust_files) {
        let text = read(&path);
        let lines: Vec<_> = text.lines().map(str::trim).collect();
        for (number, line) in lines.iter().enumerate().filter(|(_, line)| is_condition(line)) {
            if !leaves_out_a_test(line, &lines[number + 1..]) {
                continue;
            }
            conditions += 1;
            let above = number.checked_sub(1).is_some_and(|it| lines[it].starts_with("// "));
            if !line.contains(")] // ") && !above {
                silent.push(format!("{}:{}: {line}", path.display(), number + 1));
            }
        }
    }
    assert!(conditions > 30, "{conditions}");
    assert!(silent.is_empty(), "no `// reason` behind:\n{}", silent.join("\n"));
}

/// `#[cfg(unix)]` or, of a whole file, `#![cfg(unix)]`.
fn is_condition(line: &str) -> bool {
    let condition = line.strip_prefix("#[cfg(").or_else(|| line.strip_prefix("#![cfg("));
    condition.is_some_and(|condition| PLATFORMS.iter().any(|it| condition.contains(it)))
}

/// What it stands on is a whole file, a module of tests, or a test.
fn leaves_out_a_test(condition: &str, below: &[&str]) -> bool {
    let item = below.iter().position(|line| !line.starts_with("#[") && !line.starts_with("//"));
    let (attributes, item) = below.split_at(item.unwrap_or(below.len()));
    let is_test = |line: &&str| line.starts_with("#[test]") || line.starts_with("#[tokio::test");
    condition.starts_with("#![")
        || item.first().is_some_and(|item| item.starts_with("mod ") && item.ends_with('{'))
        || attributes.iter().any(is_test)
}

#[test]
fn a_condition_on_a_test_is_told_from_one_on_a_helper() {
    let with = |below: &[&str]| leaves_out_a_test("#[cfg(unix)]", below);
    assert!(with(&["/// Proves it.", "#[tokio::test]", "async fn a() {"]));
    assert!(with(&["mod tests {"]));
    assert!(!with(&["fn helper() {", "#[test]"]));
    assert!(!with(&["mod async_fd;"]));
    assert!(leaves_out_a_test("#![cfg(unix)]", &["", "use std::io;"]));
}

fn rust_files(folder: &str) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![Path::new(WORKSPACE).join(folder)]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("target") {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                found.push(path);
            }
        }
    }
    found
}
