//! Promise: every file of a section is a program that a stranger can paste and run.

use crate::support::compiler::{Compiler, Emit, Program};
use crate::support::{at_once, built, printed, program, read, sections};
use std::collections::BTreeSet;
use std::path::Path;

/// Pasted alone, and with what its crate depends on by name, each file compiles without a warning.
#[test]
fn every_snippet_compiles_in_an_empty_package() {
    let sections = sections();
    let (compiler, dependencies) = (Compiler::at_hand(), built::dependencies());
    let alone = Path::new(env!("CARGO_TARGET_TMPDIR")).join("alone");
    for section in sections {
        let programs = section.all_parts().map(|part| Program {
            name: part.clone(),
            file: section.path(part),
            libraries: section.libraries(),
            emit: Emit::Metadata,
        });
        let folder = alone.join(&section.name);
        for (program, said) in compiler.compile(programs.collect(), &dependencies, &folder) {
            assert!(said.is_empty(), "{}/{}: {said:#?}", section.name, program.name);
        }
    }
}

/// What a README shows is `cargo run -p NAME`. Built together, the sections have the features of each other, and
/// with the flag a sleep and a task of Tokio have what the timeline is told of them: so much larger are they here.
const TOLD_OF: [(&str, &str); 5] = [
    ("bad_large_stack: 1000248\n", "bad_large_stack: 1000128\n"),
    ("good_large_heap: 272\n", "good_large_heap: 152\n"),
    ("good_boxed_array: 256\n", "good_boxed_array: 136\n"),
    ("sleeping tasks: 512 bytes\n", "sleeping tasks: 256 bytes\n"),
    ("in the stack of a goroutine: 4 of them", "in the stack of a goroutine: 8 of them"),
];

/// Also without the flag of the workspace: see `scripts/without-flag`.
#[test]
fn every_snippet_prints_what_its_readme_shows() {
    let sections = sections();
    // The programs mostly sleep: all run at once.
    let printed = at_once(sections.len(), sections, |section| {
        let mut printed = printed(program(&section.name));
        if cfg!(tokio_unstable) {
            printed = TOLD_OF.iter().fold(printed, |it, (here, shown)| it.replace(here, shown));
        }
        (section, printed)
    });
    let mut others = String::new();
    for (section, printed) in printed {
        if printed != section.documented_output() {
            others += &format!(
                "\n{} does not print what its README shows, but:\n{printed}",
                section.name
            );
        }
    }
    assert!(others.is_empty(), "{others}");
}

/// A program that runs only when named: it sleeps for these ten seconds, beside the compiler that the
/// tests above keep busy. In its own crate everything would wait for it.
#[test]
fn by_default_an_idle_thread_ends_after_ten_seconds() {
    let mut program = program("blocking-work");
    program.arg("keep_alive");
    let printed = printed(program);
    let (_, idle) = printed.split_once("by default: idle for ").expect("it prints how long");
    let seconds: f64 = idle.trim().trim_end_matches('s').parse().expect("it prints seconds");
    assert!(seconds >= 10.0, "{printed}");
}

/// A snippet that named this workspace would not survive being pasted.
#[test]
fn no_snippet_names_this_workspace() {
    for section in sections() {
        for part in section.all_parts() {
            let source = section.source(part);
            let snippet = source.split("#[cfg(test)]").next().unwrap_or(&source);
            for word in ["crate::", "super::", "utils::", "timeline::"] {
                assert!(!snippet.contains(word), "{}/{part}.rs names {word}", section.name);
            }
            assert!(source.starts_with("//! "), "{}/{part}.rs has no header", section.name);
        }
    }
}

/// What only the workspace needs stands in a paragraph of its own.
#[test]
fn the_literal_dependencies_are_those_of_a_stranger() {
    for section in sections() {
        let dependencies = section.literal_dependencies();
        assert!(!dependencies.contains("path"), "{}: {dependencies}", section.name);
        assert!(!dependencies.contains("workspace"), "{}: {dependencies}", section.name);
        toml::from_str::<toml::Table>(&dependencies).expect("they are TOML");
    }
}

/// Names of Tokio that a program uses, and the feature that each is behind.
const FEATURES: [(&str, &str); 17] = [
    ("tokio::fs", "fs"),
    ("tokio::io::stdin", "io-std"),
    ("AsyncBufReadExt", "io-util"),
    ("AsyncReadExt", "io-util"),
    ("AsyncWriteExt", "io-util"),
    ("#[tokio::main", "macros"),
    ("tokio::join!", "macros"),
    ("tokio::select!", "macros"),
    ("tokio::try_join!", "macros"),
    ("tokio::net", "net"),
    ("tokio::process", "process"),
    ("#[tokio::main]", "rt-multi-thread"),
    ("new_multi_thread", "rt-multi-thread"),
    ("tokio::signal", "signal"),
    ("tokio::sync", "sync"),
    ("start_paused", "test-util"),
    ("tokio::time", "time"),
];

/// Built together, as they are above, the sections have the features of each other. Each is built with
/// its own alone by `scripts/alone`, which takes minutes: it finds whatever else is missing.
#[test]
fn every_section_lists_the_features_of_tokio_that_its_snippets_name() {
    for section in sections() {
        let dependencies = section.literal_dependencies();
        let lines = dependencies.lines().filter(|line| line.starts_with("tokio = "));
        let listed: String = lines.collect();
        for part in section.all_parts() {
            let source = section.source(part);
            let snippet = source.split("#[cfg(test)]").next().unwrap_or(&source);
            let code = snippet.lines().filter(|line| !line.trim_start().starts_with("//"));
            let code = code.collect::<Vec<_>>().join("\n");
            for (_, feature) in FEATURES.iter().filter(|(name, _)| code.contains(name)) {
                let is_listed = listed.contains(&format!("\"{feature}\""));
                assert!(is_listed, "{}/{part}.rs needs {feature} of Tokio", section.name);
            }
        }
    }
}

/// One idea a screen. What does not fit says why; there are fewer than ten.
const LARGER: [(&str, &str); 4] = [
    ("cancel-matrix/harness.rs", "it measures the rows of all sixteen tables"),
    ("incidents/close_wait", "it reads the states of both ends from /proc"),
    ("incidents/futex_waits", "it reads where four threads wait from /proc"),
    ("incidents/saturated_worker", "it reads the CPU time of threads from /proc"),
];

/// What half of the snippets have at most.
const MEDIAN: usize = 40;

/// Up to the tests, and without the empty lines above them.
#[test]
fn every_snippet_fits_its_screen() {
    const { assert!(LARGER.len() < 10) };
    let (mut sizes, mut larger) = (Vec::new(), BTreeSet::new());
    for section in sections() {
        for part in section.all_parts() {
            let program = section.source(part);
            let lines = before_its_tests(&program);
            sizes.push(lines);
            larger.extend((lines > 60).then(|| format!("{}/{part}", section.name)));
            for file in tour::beside(&program) {
                let source = read(section.folder.join("src").join(file));
                let is_larger = before_its_tests(&source) > 60;
                larger.extend(is_larger.then(|| format!("{}/{file}", section.name)));
            }
        }
    }
    let excused: BTreeSet<_> = LARGER.map(|(path, _)| path.to_string()).into();
    assert_eq!(larger, excused, "has more than 60 lines, or is excused without need");
    sizes.sort_unstable();
    let median = sizes[sizes.len() / 2];
    assert!(median <= MEDIAN, "half of the snippets have more than {MEDIAN} lines: {median}");
}

fn before_its_tests(source: &str) -> usize {
    source.split("#[cfg(test)]").next().unwrap_or(source).trim_end().lines().count()
}
