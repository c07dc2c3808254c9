//! The compiler, asked about one file without a cargo in between.

use super::{Dependencies, Diagnostic, at_once, write_if_changed};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Version(pub u32, pub u32);

/// The one that has compiled this test.
pub struct Compiler {
    path: PathBuf,
    /// All that it says of itself: another one may have the same number.
    pub name: String,
    pub version: Version,
}

/// A file that is a crate of its own.
pub struct Program {
    /// No other of the same folder has it.
    pub name: String,
    pub file: PathBuf,
    /// What it may name, and the library behind each name.
    pub libraries: BTreeMap<String, String>,
    pub emit: Emit,
}

#[derive(Clone, Copy)]
pub enum Emit {
    /// All checks that come before machine code.
    Metadata,
    /// Machine code, which shows what only instances of generic code do wrong.
    Object,
    /// A program, in the folder `out`. A backtrace has lines.
    Program,
}

impl Version {
    /// `1.101`, and what comes after a further dot.
    pub fn read(text: &str) -> Option<Self> {
        let mut numbers = text.split('.').map(str::parse);
        Some(Self(numbers.next()?.ok()?, numbers.next()?.ok()?))
    }
}

impl Compiler {
    pub fn at_hand() -> Self {
        let name = format!("rustc{}", std::env::consts::EXE_SUFFIX);
        let path = Path::new(env!("CARGO")).with_file_name(name);
        let output = Command::new(&path).arg("-vV").output().expect("it is beside cargo");
        let name = String::from_utf8(output.stdout).expect("rustc prints UTF-8");
        let number = name.split(' ').nth(1).and_then(Version::read);
        Self { version: number.expect("rustc 1.100.0 (…)"), path, name }
    }

    /// Compiles each program, as many at once as there are cores, and returns what it says of each.
    pub fn compile(
        &self,
        programs: Vec<Program>,
        dependencies: &Dependencies,
        folder: &Path,
    ) -> Vec<(Program, Vec<Diagnostic>)> {
        fs::create_dir_all(folder.join("out")).expect("target/tmp can be written");
        let cores = thread::available_parallelism().map_or(1, usize::from);
        at_once(cores, programs, |program| {
            let said = self.said(&program, dependencies, folder);
            (program, said)
        })
    }

    /// Returns what it says of one file: as the last time if it was the same file, with the same modules, and the
    /// same compiler.
    fn said(
        &self,
        program: &Program,
        dependencies: &Dependencies,
        folder: &Path,
    ) -> Vec<Diagnostic> {
        let Program { name, file, .. } = program;
        let source = with_modules(file);
        let mut command = Command::new(&self.path);
        command
            .args(["--crate-name", &name.replace(['.', '-'], "_"), "--edition", "2024"])
            .args(["--error-format", "json", "--check-cfg", "cfg(docsrs,test)"])
            .args(["--emit", program.emit.word(), "-C", "debuginfo=line-tables-only"])
            .arg("--out-dir")
            .arg(folder.join("out"))
            .arg(file);
        let when = dependencies.pass(&mut command, &program.libraries);
        let asked = format!("{}{command:?}\n{when}\n{source}\n", self.name);
        let kept = folder.join(format!("{name}.said"));
        let old = fs::read_to_string(&kept).ok();
        let said = match old.as_ref().and_then(|old| old.strip_prefix(&asked)) {
            Some(said) => said.to_string(),
            None => {
                let output = command.output().expect("rustc can be run");
                let said = String::from_utf8(output.stderr).expect("rustc prints UTF-8");
                write_if_changed(&kept, &format!("{asked}{said}"));
                said
            }
        };
        let lines = said.lines().map(|line| {
            serde_json::from_str::<Value>(line).unwrap_or_else(|_| panic!("{name}: {said}"))
        });
        lines.filter_map(|line| Diagnostic::of_compiler(&line)).collect()
    }
}

/// The text of a file, and of those that it has in `#[path = "…"]`.
fn with_modules(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{file:?}: {error}"));
    let paths =
        text.lines().filter_map(|line| line.strip_prefix("#[path = \"")?.strip_suffix("\"]"));
    // As a string literal has the path of another folder.
    let files = paths.map(|path| file.with_file_name(path.replace(r"\\", r"\")));
    let modules: String = files.map(|file| with_modules(&file)).collect();
    text + &modules
}

impl Emit {
    fn word(self) -> &'static str {
        match self {
            Self::Metadata => "metadata",
            Self::Object => "obj",
            Self::Program => "link",
        }
    }
}
