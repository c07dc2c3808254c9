//! The proof of a statement, and the command that shows it.

/// A test, `PATH::NAME`; a program that must not compile, `PATH.fail.rs`; a README, which shows what
/// its crate prints; or a program in another language, which `scripts/elsewhere` runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Proof {
    /// The test's own, or `case`, `console`, or the file in another language.
    pub name: &'static str,
    /// From the root of the workspace: `crates/sections/join-select/src/try_join.rs`.
    pub path: &'static str,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    /// At the foot of a source file.
    Unit { krate: &'static str, file: &'static str },
    /// In a file of its own, below `tests`.
    Integration { package: &'static str, file: &'static str },
    /// The lines of a README, printed by its crate.
    Console { krate: &'static str },
    /// A program that must not compile.
    Case,
    /// In another language.
    Elsewhere { krate: &'static str, file: &'static str },
}

impl Proof {
    /// Nothing if it is none of these.
    pub fn named(proof: &'static str) -> Option<Self> {
        let (path, test) = match proof.split_once("::") {
            Some((path, test)) => (path, Some(test)),
            None => (proof, None),
        };
        let (name, kind) = match (kind(path)?, test) {
            (kind @ (Kind::Unit { .. } | Kind::Integration { .. }), Some(test)) => (test, kind),
            (kind @ Kind::Console { .. }, None) => ("console", kind),
            (Kind::Case, None) => ("case", Kind::Case),
            (kind @ Kind::Elsewhere { file, .. }, None) => (file, kind),
            _ => return None,
        };
        Some(Self { name, path, kind })
    }

    /// The file of a crate whose foot it stands at.
    pub fn file(&self) -> Option<(&'static str, &'static str)> {
        match self.kind {
            Kind::Unit { krate, file } => Some((krate, file)),
            Kind::Integration { .. }
            | Kind::Console { .. }
            | Kind::Case
            | Kind::Elsewhere { .. } => None,
        }
    }

    /// The crate that it is about: that of the test, of the README, or of the case.
    pub fn krate(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Unit { krate, .. } | Kind::Console { krate } | Kind::Elsewhere { krate, .. } => {
                Some(krate)
            }
            Kind::Integration { package: "promises", .. } => None,
            Kind::Integration { package, .. } => Some(package),
            Kind::Case => self.path.strip_prefix("tests/ui/")?.split('/').next(),
        }
    }

    /// The program that must not compile, from the root of the workspace.
    pub fn case(&self) -> Option<&'static str> {
        (self.kind == Kind::Case).then_some(self.path)
    }

    /// Returns the command that shows it, as the user would type it.
    pub fn command(&self) -> String {
        let name = self.name;
        match self.kind {
            // The test's name alone: with its path it would be wider than a terminal.
            Kind::Unit { krate, .. } => format!("cargo test -p {krate} {name}"),
            // A workspace of its own.
            Kind::Integration { package: "service", file } => {
                format!("scripts/service test --test {file} {name}")
            }
            // One program, and each file a module of it.
            Kind::Integration { package: package @ ("promises" | "tour"), file } => {
                format!("cargo test -p {package} {file}::{name}")
            }
            Kind::Integration { package, file } => {
                format!("cargo test -p {package} --test {file} {name}")
            }
            Kind::Console { krate } => format!("cargo run -p {krate}"),
            Kind::Case => "cargo test -p promises compile_errors".to_string(),
            Kind::Elsewhere { file, .. } => format!("scripts/elsewhere {file}"),
        }
    }
}

fn kind(path: &'static str) -> Option<Kind> {
    if let Some(path) = path.strip_prefix("tests/") {
        return match path.strip_prefix("ui/") {
            Some(case) => (case.contains('/') && case.ends_with(".fail.rs")).then_some(Kind::Case),
            None => {
                Some(Kind::Integration { package: "promises", file: path.strip_suffix(".rs")? })
            }
        };
    }
    let path = path.strip_prefix("crates/")?;
    let (krate, path) = path.strip_prefix("sections/").unwrap_or(path).split_once('/')?;
    if path == "README.md" {
        return Some(Kind::Console { krate });
    }
    if let Some(file) = path.strip_prefix("elsewhere/") {
        return Some(Kind::Elsewhere { krate, file });
    }
    let path = path.strip_suffix(".rs")?;
    match path.strip_prefix("tests/") {
        Some(file) => Some(Kind::Integration { package: krate, file }),
        None => Some(Kind::Unit { krate, file: path.strip_prefix("src/")? }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_a_test_a_printed_block_a_case_or_a_program_elsewhere() {
        for (proof, name, krate, command) in [
            ("crates/sections/a/src/x.rs::it_is", "it_is", Some("a"), "cargo test -p a it_is"),
            ("crates/a/tests/x.rs::it_is", "it_is", Some("a"), "cargo test -p a --test x it_is"),
            ("tests/signals.rs::it_is", "it_is", None, "cargo test -p promises signals::it_is"),
            (
                "crates/service/tests/x.rs::it_is",
                "it_is",
                Some("service"),
                "scripts/service test --test x it_is",
            ),
            ("crates/sections/a/README.md", "console", Some("a"), "cargo run -p a"),
            ("tests/ui/a/x.fail.rs", "case", Some("a"), "cargo test -p promises compile_errors"),
            ("crates/sections/a/elsewhere/x.go", "x.go", Some("a"), "scripts/elsewhere x.go"),
        ] {
            let parsed = Proof::named(proof).unwrap();
            assert_eq!((parsed.name, parsed.krate(), &*parsed.command()), (name, krate, command));
            assert!(proof.starts_with(parsed.path), "{parsed:?}");
        }
    }

    #[test]
    fn anything_else_is_none() {
        for proof in [
            "it_is",
            "crates/a/x.rs::it_is",
            "crates/a/src/x.rs",
            "crates/a/src/x.md::it_is",
            "a/src/x.rs::it_is",
            "crates/a/README.md::shown",
            "tests/ui/a/x.fail.rs::it_is",
            "tests/ui/x.fail.rs",
            "tests/ui/a/x.pass.rs",
            "crates/sections/a/elsewhere/x.go::it_is",
        ] {
            assert_eq!(Proof::named(proof), None, "{proof}");
        }
    }
}
