//! Promise: what must not compile does not, for the reason given, and its twin does.
//!
//! `tests/ui/CRATE/CASE.fail.rs` begins with `//! error[E0277]: part of the message` (or
//! `//! error: …` where the compiler has no code); `CASE.pass.rs` is the nearest program that
//! compiles, without a warning. Both may name the literal dependencies of their crate and nothing else.
//! The code and that part are all that is pinned: compilers reword the rest.
//!
//! Where a later compiler says something else, a line of the header tells it:
//! `//! from 1.101: error[E0597]: …` or `//! from 1.101: compiles`.

use crate::support::compiler::{Compiler, Emit, Program, Version};
use crate::support::{Diagnostic, Section, WORKSPACE, built, sections};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The newest compiler with which all cases have been tried. What a newer one does otherwise is
/// told, and fails only where the variable `CI` is set: it is news, and no fault of this build.
const NEWEST_KNOWN: Version = Version(1, 100);

#[derive(Debug, PartialEq)]
enum Expected<'a> {
    Compiles,
    Fails { code: &'a str, text: &'a str },
}

struct Case {
    /// `CRATE/CASE.fail.rs`.
    name: String,
    source: String,
    diagnostics: Vec<Diagnostic>,
}

#[test]
fn every_ui_case_fails_as_it_says_and_its_twin_compiles() {
    let compiler = Compiler::at_hand();
    let cases = compiled(&compiler, &sections());
    let mut deviations: Vec<_> =
        cases.iter().filter_map(|case| case.deviation(compiler.version)).collect();
    let without_twin = cases.iter().filter(|case| !cases.iter().any(|it| it.name == case.twin()));
    deviations.extend(without_twin.map(|case| format!("{} has no twin", case.name)));
    assert!(!cases.is_empty());
    if deviations.is_empty() {
        return;
    }

    let report = deviations.join("\n");
    let Version(major, minor) = NEWEST_KNOWN;
    let known = compiler.version <= NEWEST_KNOWN;
    let news = format!(
        "newer compiler than known: {}. The cases have been tried up to {major}.{minor}. It differs in \
         {} of {}:\n{report}",
        compiler.name.trim(),
        deviations.len(),
        cases.len(),
    );
    assert!(!known, "{} of {} cases:\n{report}", deviations.len(), cases.len());
    assert!(std::env::var_os("CI").is_none(), "{news}");
    // Not `eprintln`, which a test that passes keeps to itself.
    writeln!(std::io::stderr(), "{news}").expect("stderr is open");
}

#[test]
fn the_last_line_that_is_not_of_a_newer_compiler_says_what_holds() {
    let source = "//! error[E0373]: may outlive\n//! from 1.97: error: borrowed\n\
                  //! from 1.101: compiles\n//! Guide 3.3: what `move` is for.\n";
    let first = Expected::Fails { code: "E0373", text: "may outlive" };
    assert_eq!(expected(source, Version(1, 96)), first);
    assert_eq!(expected(source, Version(1, 97)), Expected::Fails { code: "", text: "borrowed" });
    assert_eq!(expected(source, Version(1, 100)), Expected::Fails { code: "", text: "borrowed" });
    assert_eq!(expected(source, Version(1, 101)), Expected::Compiles);
    assert_eq!(expected(source, Version(2, 0)), Expected::Compiles);
}

#[test]
fn a_case_that_compiles_or_fails_otherwise_deviates() {
    let case = |name: &str, diagnostics| Case {
        name: format!("crate/{name}"),
        source: "//! error[E0277]: is not `Send`\n//! from 1.99: compiles\n".into(),
        diagnostics,
    };
    let says = |level: &str, code: &str, message: &str| {
        let (level, code, message) = (level.into(), Some(code.into()), message.into());
        vec![Diagnostic { level, code, message, rendered: String::new() }]
    };
    let (old, new) = (Version(1, 98), Version(1, 99));
    let deviates = |name, diagnostics, version| case(name, diagnostics).deviation(version);
    let as_said = || says("error", "E0277", "`Rc` is not `Send`");
    assert_eq!(deviates("a.fail.rs", as_said(), old), None);
    assert!(deviates("a.fail.rs", as_said(), new).unwrap().contains("must compile"));
    assert!(deviates("a.fail.rs", vec![], old).unwrap().ends_with("compiles"));
    assert_eq!(deviates("a.fail.rs", vec![], new), None);
    assert!(deviates("a.fail.rs", says("error", "E0282", "is not `Send`"), old).is_some());
    assert!(deviates("a.fail.rs", says("error", "E0277", "is not `Sync`"), old).is_some());
    assert_eq!(deviates("a.pass.rs", vec![], old), None);
    assert!(deviates("a.pass.rs", says("warning", "dead_code", "unused"), old).is_some());
}

impl Case {
    /// What the compiler has done that the case does not say.
    fn deviation(&self, version: Version) -> Option<String> {
        let Self { name, source, diagnostics } = self;
        let expected = if self.fails() { expected(source, version) } else { Expected::Compiles };
        let said = diagnostics.iter().fold(String::new(), |mut said, diagnostic| {
            write!(said, "\n{}", diagnostic.rendered).expect("a string takes all");
            said
        });
        let errors: Vec<_> = diagnostics.iter().filter(|it| it.level == "error").collect();
        match expected {
            // A case that must fail may warn: it is as it was printed.
            Expected::Compiles if self.fails() && errors.is_empty() => None,
            Expected::Compiles if diagnostics.is_empty() => None,
            Expected::Compiles => Some(format!("{name} must compile: {said}")),
            Expected::Fails { .. } if errors.is_empty() => Some(format!("{name} compiles")),
            Expected::Fails { code, text } => {
                let right = errors.iter().all(|error| error.code.as_deref().unwrap_or("") == code)
                    && errors.iter().any(|error| error.message.contains(text));
                (!right).then(|| format!("{name} must fail by [{code}] {text:?}: {said}"))
            }
        }
    }

    fn fails(&self) -> bool {
        self.name.ends_with(".fail.rs")
    }

    fn twin(&self) -> String {
        match self.name.strip_suffix(".fail.rs") {
            Some(case) => format!("{case}.pass.rs"),
            None => self.name.replace(".pass.rs", ".fail.rs"),
        }
    }
}

/// What the header of a `.fail.rs` says of this compiler.
fn expected(source: &str, version: Version) -> Expected<'_> {
    let lines = source.lines().map_while(|line| line.strip_prefix("//! "));
    let mut expected = None;
    for (number, line) in lines.enumerate() {
        let said = match line.strip_prefix("from ").and_then(|line| line.split_once(": ")) {
            Some((from, said)) if Version::read(from).is_some_and(|it| it <= version) => said,
            Some((from, _)) if Version::read(from).is_some() => continue,
            _ if number == 0 => line,
            _ => continue,
        };
        expected = Some(said);
    }
    let said = expected.expect("an expected error");
    if said == "compiles" {
        return Expected::Compiles;
    }
    let said = said.strip_prefix("error").and_then(|said| said.split_once(": "));
    let (code, text) = said.expect("an expected error");
    Expected::Fails { code: code.trim_matches(['[', ']']), text }
}

/// The cases of all sections, each compiled.
fn compiled(compiler: &Compiler, sections: &[Section]) -> Vec<Case> {
    let dependencies = built::dependencies();
    let ui = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ui");
    let cases = sections.iter().flat_map(|section| {
        let folder = ui.join(&section.name);
        let compiled = compiler.compile(programs(section), &dependencies, &folder);
        compiled.into_iter().map(|(program, diagnostics)| Case {
            name: format!("{}/{}.rs", section.name, program.name),
            source: fs::read_to_string(&program.file).expect("it can be read"),
            diagnostics,
        })
    });
    cases.collect()
}

/// A twin is compiled to its end. A case must fail before that.
fn programs(section: &Section) -> Vec<Program> {
    let programs = files(section).into_iter().map(|file| {
        let stem = file.file_stem().and_then(|stem| stem.to_str()).expect("it has a name");
        Program {
            name: stem.to_string(),
            libraries: section.libraries(),
            emit: if stem.ends_with(".pass") { Emit::Object } else { Emit::Metadata },
            file,
        }
    });
    programs.collect()
}

/// The files of `tests/ui/CRATE`.
fn files(section: &Section) -> Vec<PathBuf> {
    let folder = Path::new(WORKSPACE).join("tests/ui").join(&section.name);
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let entries = entries.map(|entry| entry.expect("the folder can be listed").path());
    let mut files: Vec<_> = entries.collect();
    // Those are for `scripts/without-flag`.
    files.retain(|file| cfg!(not(tokio_unstable)) || !is_without_flag(file));
    files.sort();
    files
}

/// Whether Tokio has to be built without the flag of the workspace for it.
fn is_without_flag(file: &Path) -> bool {
    file.file_name().is_some_and(|name| name.to_string_lossy().contains("_without_flag."))
}
