//! Promise: each exercise fails first as its header says, its solution passes, and nothing passes
//! for it that is plausible and wrong, or the solution of its neighbour.

use crate::support::compiler::{Compiler, Emit, Program};
use crate::support::{Dependencies, WORKSPACE, built, read, write_if_changed};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use tour::data::{Exercise, exercises};

const FOLDER: &str = "crates/exercises";

/// A program of an exercise, and what becomes of it.
struct Variant {
    module: String,
    source: String,
    expected: Expected,
}

#[derive(Clone, Debug, PartialEq)]
enum Expected {
    Passes,
    /// A test of this name fails, or any.
    FailsTest(Option<String>),
    /// The compiler says this, or anything.
    DoesNotCompile(Option<String>),
}

fn source(exercise: &Exercise, folder: &str, suffix: &str) -> String {
    let Exercise { name, dir, .. } = exercise;
    read(Path::new(FOLDER).join(folder).join(dir).join(format!("{name}{suffix}.rs")))
}

/// The exercise, its solution, what is wrong, and the neighbour's solution under its tests.
fn variants(exercise: &Exercise, neighbour: &Exercise) -> Vec<Variant> {
    let given = source(exercise, "exercises", "");
    let (_, tests) = given.split_once("\n#[cfg(test)]\n").expect("it has tests");
    let under_tests = |code: &str| format!("{code}\n#[cfg(test)]\n{tests}");
    let variant = |kind: &str, source, expected| Variant {
        module: format!("{}_{kind}", exercise.name),
        source,
        expected,
    };
    let mut variants = vec![
        variant("exercise", given.clone(), fails_first(&given)),
        variant("solution", source(exercise, "solutions", ""), Expected::Passes),
    ];
    for number in [1, 2] {
        let source = source(exercise, "wrong", &format!("_{number}"));
        let expected = match source.starts_with("//! Wrong, and does not compile: ") {
            true => Expected::DoesNotCompile(None),
            false => Expected::FailsTest(None),
        };
        assert!(source.starts_with("//! Wrong"), "{}: {number} says why", exercise.name);
        variants.push(variant(&format!("wrong_{number}"), under_tests(&source), expected));
    }
    let other = source(neighbour, "solutions", "");
    let (other, _) = other.split_once("\n#[cfg(test)]\n").expect("it has tests");
    variants.push(variant("neighbour", under_tests(other), Expected::DoesNotCompile(None)));
    variants
}

/// What the header says after `Fails first: `.
fn fails_first(source: &str) -> Expected {
    let mut lines = source.lines().map_while(|line| line.strip_prefix("//!"));
    let said = lines.find_map(|line| line.strip_prefix(" Fails first: ")).expect("it says how");
    let said = said.strip_suffix('.').expect("a sentence");
    match said.strip_prefix("it does not compile: ") {
        Some(message) => Expected::DoesNotCompile(Some(message.to_string())),
        None => Expected::FailsTest(said.split('`').nth(1).map(String::from)),
    }
}

#[test]
fn every_exercise_fails_first_and_only_its_solution_passes() {
    let neighbours = exercises().iter().cycle().skip(1);
    let variants: Vec<_> =
        exercises().iter().zip(neighbours).flat_map(|(it, next)| variants(it, next)).collect();
    let workbench = Workbench::new();
    let (no_programs, programs): (Vec<_>, Vec<_>) = variants
        .iter()
        .partition(|variant| matches!(variant.expected, Expected::DoesNotCompile(_)));
    let mut wrong = workbench.compiled(&no_programs);
    wrong.extend(workbench.tested(&programs));
    assert!(
        wrong.is_empty(),
        "{}\n(If you have solved exercises here: `git stash -- {FOLDER}` puts them away.)",
        wrong.join("\n"),
    );
}

/// It builds, tests and lints each file on its own, which takes minutes: where `CI` is set.
#[test]
fn the_rustlings_program_finds_nothing_wrong() {
    if std::env::var_os("CI").is_none() {
        return;
    }
    let rustlings = || Command::new("rustlings");
    if rustlings().arg("--version").output().is_err() {
        // Not `eprintln`, which a test that passes keeps to itself.
        let mut stderr = std::io::stderr();
        writeln!(stderr, "\n!!! SKIPPED: there is no rustlings here").expect("stderr is open");
        return;
    }
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rustlings");
    let mut check = rustlings();
    check.args(["dev", "check", "--require-solutions"]);
    check.current_dir(Path::new(WORKSPACE).join(FOLDER)).env("CARGO_TARGET_DIR", target);
    let output = check.output().expect("it is there");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// A folder with the dependencies of the exercises, built.
struct Workbench {
    folder: PathBuf,
    dependencies: Dependencies,
}

impl Workbench {
    fn new() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("exercises");
        fs::create_dir_all(&folder).expect("target/tmp can be written");
        let mut bench = Self { dependencies: built::dependencies(), folder };
        bench.build_library();
        bench
    }

    /// What the exercises use is a package that is none of this workspace.
    fn build_library(&mut self) {
        let (name, file) = ("exercises", Path::new(WORKSPACE).join(FOLDER).join("src/lib.rs"));
        let library = self.folder.join("libexercises.rlib");
        let mut rustc = self.rustc(name, "--crate-type=lib", &file);
        let mut libraries = Self::libraries();
        libraries.remove(name);
        let built = self.dependencies.pass(&mut rustc, &libraries);
        compile(rustc, &library, &format!("{built}\n{}", read(&file)));
        self.dependencies.add(name, library);
    }

    fn rustc(&self, name: &str, kind: &str, file: &Path) -> Command {
        let mut rustc = Command::new(Path::new(env!("CARGO")).with_file_name("rustc"));
        rustc.args(["--edition", "2024", kind, "--crate-name", name, "--cap-lints", "allow"]);
        rustc.args(["-C", "debuginfo=0", "--out-dir"]).arg(&self.folder).arg(file);
        rustc
    }

    /// What an exercise may name.
    fn libraries() -> BTreeMap<String, String> {
        let names = ["exercises", "futures", "tokio", "tokio_util"];
        names.map(|name| (name.to_string(), name.to_string())).into()
    }

    fn write(&self, module: &str, source: &str) -> PathBuf {
        let path = self.folder.join(format!("{module}.rs"));
        write_if_changed(&path, source);
        path
    }

    /// Compiles each alone, and returns those that compile, or fail otherwise than they say.
    fn compiled(&self, variants: &[&Variant]) -> Vec<String> {
        let programs = variants.iter().map(|variant| Program {
            name: variant.module.clone(),
            // Its tests are checked with it, as functions that nobody calls.
            file: self.write(
                &variant.module,
                &variant.source.replace("#[cfg(test)]\n", "").replace("#[test]\n", ""),
            ),
            libraries: Self::libraries(),
            emit: Emit::Metadata,
        });
        let programs = programs.collect();
        let compiled = Compiler::at_hand().compile(programs, &self.dependencies, &self.folder);
        let wrong = compiled.into_iter().filter_map(|(program, said)| {
            let variant = variants.iter().find(|variant| variant.module == program.name)?;
            let errors = said.iter().filter(|it| it.level == "error");
            let errors: Vec<_> = errors.map(|error| &*error.rendered).collect();
            (!variant.does_not_compile_by(&errors))
                .then(|| format!("{}, {:?}: {errors:?}", variant.module, variant.expected))
        });
        wrong.collect()
    }

    /// Compiles them as one program, runs its tests, and returns what is not as expected.
    fn tested(&self, variants: &[&Variant]) -> Vec<String> {
        let mut all = String::new();
        for Variant { module, source, .. } in variants {
            self.write(module, source);
            writeln!(all, "#[path = \"{module}.rs\"]\nmod {module};").expect("a string takes all");
        }
        let mut rustc = self.rustc("all", "--test", &self.write("all", &all));
        let built = self.dependencies.pass(&mut rustc, &Self::libraries());
        let program = self.folder.join(format!("all{}", std::env::consts::EXE_SUFFIX));
        let sources: String = variants.iter().map(|variant| variant.source.as_str()).collect();
        compile(rustc, &program, &format!("{built}\n{sources}"));
        let output = Command::new(program).arg("--test-threads=2").output().expect("it is built");
        let mut failed = BTreeMap::<_, Vec<_>>::new();
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let Some((name, end)) =
                line.strip_prefix("test ").and_then(|it| it.split_once(" ... "))
            else {
                continue;
            };
            let (module, test) = name.split_once("::tests::").expect("tests are in `mod tests`");
            let failed = failed.entry(module.to_string()).or_default();
            failed.extend((end != "ok").then(|| test.to_string()));
        }
        let wrong =
            variants.iter().filter(|variant| !variant.is_as_expected(&failed[&variant.module]));
        wrong
            .map(|it| format!("{}, {:?}: {:?}", it.module, it.expected, failed[&it.module]))
            .collect()
    }
}

/// Makes the file, unless it is there from the same sources, by the same compiler.
fn compile(mut rustc: Command, file: &Path, sources: &str) {
    let asked = format!("{}{rustc:?}\n{sources}", Compiler::at_hand().name);
    let kept = file.with_extension("asked");
    if file.is_file() && fs::read_to_string(&kept).is_ok_and(|old| old == asked) {
        return;
    }
    let output = rustc.output().expect("rustc runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    write_if_changed(&kept, &asked);
}

impl Variant {
    fn is_as_expected(&self, failed: &[String]) -> bool {
        match &self.expected {
            Expected::Passes => failed.is_empty(),
            Expected::FailsTest(None) => !failed.is_empty(),
            Expected::FailsTest(Some(test)) => failed.contains(test),
            Expected::DoesNotCompile(_) => false,
        }
    }

    fn does_not_compile_by(&self, errors: &[&str]) -> bool {
        let Expected::DoesNotCompile(message) = &self.expected else { return false };
        let said = |text: &String| errors.iter().any(|error| error.contains(text));
        !errors.is_empty() && message.as_ref().is_none_or(said)
    }
}

/// That each hint names a section is read, and refused if it is not so, by the tour.
#[test]
fn every_exercise_leads_to_its_section_in_the_order_of_the_documents() {
    let mut folders: Vec<_> = exercises().iter().map(|exercise| exercise.dir).collect();
    assert!(folders.is_sorted(), "{folders:?}");
    folders.dedup();
    assert_eq!(folders.len(), 12, "{folders:?}");
    for (number, exercise) in exercises().iter().enumerate() {
        assert_eq!(exercise.name, format!("async{:02}", number + 1));
        let source = source(exercise, "exercises", "");
        let starts = ["//! Guide ", "//! Deep dive ", "//! FAQ Q"];
        assert!(starts.iter().any(|start| source.starts_with(start)), "{}", exercise.name);
    }
}
