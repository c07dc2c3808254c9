//! Promise: every file of a section is a program that a stranger can paste and run.

mod support;

use support::{Section, Stranger, sections};
use utils::http::{Server, httpbin};

/// Pasted alone, with the literal dependencies of its crate, each file builds without a warning,
/// and together they print what the README of the section shows.
#[test]
fn every_snippet_builds_and_runs_in_an_empty_package() {
    let internet = Server::by_path(httpbin).expect("a port can be opened");
    let variables = [("BASE_URL", internet.url(""))];
    let outputs: Vec<_> = sections()
        .into_iter()
        .map(|section| {
            let stranger = paste(&section);
            // The programs mostly sleep: all run at once.
            let running: Vec<_> =
                section.parts.iter().map(|part| stranger.run(part, &[], &variables)).collect();
            (section, running)
        })
        .collect();
    for (section, running) in outputs {
        let printed: String = running.into_iter().map(|thread| thread.join().unwrap()).collect();
        assert_eq!(printed, section.documented_output(), "{}", section.name);
    }
}

fn paste(section: &Section) -> Stranger {
    let programs: Vec<_> =
        section.all_parts().map(|part| (part.clone(), section.source(part))).collect();
    let stranger = Stranger::with("copyable", section, &programs);
    let diagnostics = stranger.build();
    assert!(diagnostics.is_empty(), "{}: {diagnostics:#?}", section.name);
    stranger
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

/// The budgets of the style: one idea, one screen.
#[test]
fn every_snippet_fits_its_screen() {
    for section in sections() {
        for part in section.all_parts() {
            let source = section.source(part);
            let lines = source.split("#[cfg(test)]").next().unwrap_or(&source).lines().count();
            assert!(lines <= 130, "{}/{part}.rs has {lines} lines before its tests", section.name);
        }
    }
}
