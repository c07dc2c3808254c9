//! Promise: what must not compile does not, for the reason given, and its twin does.
//!
//! `tests/ui/CRATE/CASE.fail.rs` begins with `//! error[E0277]: part of the message` (or
//! `//! error: …` where the compiler has no code); `CASE.pass.rs` is the nearest program that
//! compiles, without a warning. Both get the literal dependencies of their crate and nothing else.
//! The code and that part are all that is pinned: compilers reword the rest.

mod support;

use std::fs;
use std::path::Path;
use support::{Diagnostic, Section, Stranger, WORKSPACE, sections};

#[test]
fn every_ui_case_fails_as_it_says_and_its_twin_compiles() {
    let mut cases = 0;
    for section in sections() {
        let programs = programs(&section);
        if programs.is_empty() {
            continue;
        }
        let diagnostics = Stranger::with("ui", &section, &programs).build();
        for (name, source) in &programs {
            let own: Vec<_> = diagnostics.iter().filter(|d| d.program == *name).collect();
            match name.strip_suffix("_fail") {
                Some(case) => {
                    assert!(
                        programs.iter().any(|(n, _)| *n == format!("{case}_pass")),
                        "{case}: no twin"
                    );
                    assert_fails(name, source, &own);
                    cases += 1;
                }
                None => assert!(own.is_empty(), "{name} must compile: {own:#?}"),
            }
        }
    }
    assert!(cases > 0);
}

/// The files of `tests/ui/CRATE`; `case.fail.rs` becomes the program `case_fail`.
fn programs(section: &Section) -> Vec<(String, String)> {
    let folder = Path::new(WORKSPACE).join("tests/ui").join(&section.name);
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut programs: Vec<_> = entries
        .map(|entry| {
            let path = entry.expect("the folder can be listed").path();
            let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("it has a name");
            let source = fs::read_to_string(&path).expect("it can be read");
            (stem.replace('.', "_"), source)
        })
        .collect();
    programs.sort();
    programs
}

fn assert_fails(name: &str, source: &str, diagnostics: &[&Diagnostic]) {
    let first = source.lines().next().and_then(|line| line.strip_prefix("//! error"));
    let (code, text) = first.and_then(|line| line.split_once(": ")).expect("an expected error");
    let code = code.trim_matches(['[', ']']);
    let errors: Vec<_> = diagnostics.iter().filter(|d| d.level == "error").collect();
    assert!(!errors.is_empty(), "{name} compiles");
    for error in &errors {
        assert_eq!(error.code.as_deref().unwrap_or(""), code, "{name}: {error:#?}");
    }
    assert!(errors.iter().any(|e| e.message.contains(text)), "{name}: {text:?} not in {errors:#?}");
}
