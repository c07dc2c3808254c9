//! Promise: every file of a section is a program that a stranger can paste and run.

mod support;

use std::io::Read;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use support::{Section, Stranger, sections};
use utils::http::{Server, httpbin};

/// No program here takes more than some seconds: only one that hangs reaches it.
const WATCHDOG: Duration = Duration::from_secs(120);

/// Pasted alone, with the literal dependencies of its crate, each file builds without a warning,
/// and together they print what the README of the section shows.
#[test]
fn every_snippet_builds_and_runs_in_an_empty_package() {
    let internet = Server::by_path(httpbin).expect("a port can be opened");
    let outputs: Vec<_> = sections()
        .into_iter()
        .map(|section| {
            let stranger = paste(&section);
            // The programs mostly sleep: all run at once.
            let running: Vec<_> =
                section.parts.iter().map(|part| run(&stranger, part, &internet)).collect();
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

/// Runs a pasted program; the thread returns what it prints, on stdout and stderr as one text.
fn run(stranger: &Stranger, part: &str, internet: &Server) -> JoinHandle<String> {
    let (mut command, part) = (stranger.program(part), part.to_string());
    command.env("BASE_URL", internet.url(""));
    thread::spawn(move || {
        let (mut reader, writer) = std::io::pipe().expect("a pipe can be opened");
        let stderr = writer.try_clone().expect("a pipe can be cloned");
        let child = command.stdout(writer).stderr(stderr).spawn();
        let mut child = child.expect("it has been built");
        // The command holds the writing ends: the pipe would never end.
        drop(command);
        let printed = thread::spawn(move || {
            let mut printed = String::new();
            reader.read_to_string(&mut printed).expect("programs print UTF-8");
            printed
        });
        let deadline = Instant::now() + WATCHDOG;
        let status = loop {
            if let Some(status) = child.try_wait().expect("it is our child") {
                break status;
            }
            if Instant::now() > deadline {
                child.kill().expect("it is our child");
                panic!("{part} is still running after {WATCHDOG:?}");
            }
            thread::sleep(Duration::from_millis(5));
        };
        let printed = printed.join().expect("reading does not panic");
        assert!(status.success(), "{part}: {status}: {printed}");
        printed
    })
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
