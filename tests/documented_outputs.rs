//! Promise: every `console` block of every README prints what it shows, to the byte.
//!
//! The sections, of which each has other features, take minutes to build one by one. `copyable.rs` runs
//! them built together; here `cargo run -p NAME` does only where `CI` or `TRYCMD` is set.
//!
//! `TRYCMD=overwrite cargo test -p promises documented_outputs` writes the blocks anew. What is printed
//! on stdout and on stderr is compared as one text, as a terminal shows it. Where a platform prints
//! other lines, a table below the block has them: see `support/here.rs`.

use crate::support::here::{elsewhere, here, tables};
use crate::support::{WORKSPACE, packages, program, read, sections, write_if_changed};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

#[test]
fn every_console_block_prints_what_it_shows() {
    // trycmd runs as many cases at once as there are threads here. The programs mostly sleep.
    rayon::ThreadPoolBuilder::new().num_threads(8).build_global().expect("the first to ask");
    let cases = trycmd::TestCases::new();
    cases
        .register_bin("cargo", Path::new(env!("CARGO")))
        // Only the program speaks: no `Compiling`, no `Finished`, no backtrace.
        .env("CARGO_TERM_QUIET", "true")
        .env("RUST_BACKTRACE", "0")
        .env("TOUR_LANG", "en")
        // The shell of somebody behind a proxy that has no way to this machine.
        .env("HTTP_PROXY", "http://127.0.0.1:1")
        .env("NO_PROXY", "example.org")
        .timeout(Duration::from_secs(120));
    let one_by_one = ["CI", "TRYCMD"].into_iter().any(|name| std::env::var_os(name).is_some());
    let folder = Path::new(WORKSPACE).join("crates/sections");
    let mut readmes = readmes();
    readmes.retain(|readme| one_by_one || !readme.starts_with(&folder));
    build(&readmes);
    for readme in readmes {
        cases.case(on_this_platform(&readme));
    }
}

/// What takes long on a slow machine, and counts for no limit of time.
fn build(readmes: &[PathBuf]) {
    program("tour");
    let texts: String = readmes.iter().map(read).collect();
    let is_run = |name: &str| texts.contains(&format!("\n$ cargo run -p {name}"));
    for section in sections().iter().filter(|section| is_run(&section.name)) {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--package", &section.name]).current_dir(WORKSPACE);
        assert!(cargo.status().expect("cargo runs this test").success(), "{}", section.name);
    }
}

fn readmes() -> Vec<PathBuf> {
    let readmes = packages().into_iter().map(|folder| folder.join("README.md"));
    let root = Path::new(WORKSPACE).join("README.md");
    readmes.filter(|readme| readme.is_file()).chain([root]).collect()
}

/// The README itself, to be written anew if need be, or a copy with other lines.
fn on_this_platform(readme: &Path) -> PathBuf {
    let text = read(readme);
    let here = here(&text);
    if here == text {
        return readme.to_path_buf();
    }
    let folder = readme.parent().and_then(Path::file_name).expect("it is that of a crate");
    let copies = Path::new(env!("CARGO_TARGET_TMPDIR")).join("documented");
    fs::create_dir_all(&copies).expect("target/tmp can be written");
    let copy = copies.join(folder).with_extension("md");
    write_if_changed(&copy, &here);
    copy
}

#[test]
fn every_line_that_is_another_elsewhere_is_one_of_its_block() {
    let mut lines = 0;
    for readme in readmes() {
        let text = read(&readme);
        for (line, _) in tables(&text).iter().flat_map(|table| &table.lines) {
            lines += 1;
            let times = text.matches(&format!("\n{line}\n")).count();
            assert_eq!(times, 1, "{}: {line}", readme.display());
        }
    }
    assert!(lines > 0);
}

#[test]
fn elsewhere_a_block_has_the_lines_of_its_table() {
    let table =
        "\n| on Unix | elsewhere |\n| --- | --- |\n| `  two` | `  zwei` |\n| `four` | – |\n";
    let readme = |block: &str| format!("# a\n\n```console\n$ a\n{block}\n```\n{table}\nThe end.\n");
    let text = readme("one\n  two\nthree\nfour");
    assert_eq!(elsewhere(&text, &tables(&text)[0]), readme("one\n  zwei\nthree"));
    assert_eq!(here(&text) == text, cfg!(unix));
}
