//! What proves a statement, and the command that shows it.

/// A link of the ledger, `[NAME](../../sections/CRATE/…)`, `[NAME](../../CRATE/…)` or `[NAME](../../../tests/…)`.
#[derive(Debug, PartialEq)]
pub struct Proof {
    pub name: &'static str,
    /// From the root of the workspace: `crates/sections/join-select/src/try_join.rs`.
    pub path: String,
    kind: Kind,
}

#[derive(Debug, PartialEq)]
enum Kind {
    /// At the foot of a source file.
    Unit { krate: &'static str, file: &'static str },
    /// In a file of its own, below `tests`.
    Integration { package: &'static str, file: &'static str },
    /// What a README shows, printed by its crate.
    Console { krate: &'static str },
    /// A program that must not compile.
    Case,
}

impl Proof {
    /// Nothing if it is no such link, or its name is not that of its target.
    pub fn linked(link: &'static str) -> Option<Self> {
        let (name, target) = link.strip_prefix('[')?.strip_suffix(')')?.split_once("](../../")?;
        if let Some(path) = target.strip_prefix("../tests/") {
            let kind = match path.strip_prefix("ui/") {
                Some(case) => {
                    let (_, file) = case.split_once('/')?;
                    (name == "case" && file.ends_with(".fail.rs")).then_some(Kind::Case)?
                }
                None => Kind::Integration { package: "promises", file: path.strip_suffix(".rs")? },
            };
            return Some(Self { name, path: format!("tests/{path}"), kind });
        }
        let inside = target.strip_prefix("sections/").unwrap_or(target);
        let (krate, path) = inside.split_once('/')?;
        let kind = if path == "README.md" {
            (name == "console").then_some(Kind::Console { krate })?
        } else if let Some(file) = path.strip_prefix("tests/") {
            Kind::Integration { package: krate, file: file.strip_suffix(".rs")? }
        } else {
            let file = path.strip_prefix("src/")?.strip_suffix(".rs")?;
            Kind::Unit { krate, file }
        };
        Some(Self { name, path: format!("crates/{target}"), kind })
    }

    /// The file of a crate whose foot it stands at.
    pub fn file(&self) -> Option<(&'static str, &'static str)> {
        match self.kind {
            Kind::Unit { krate, file } => Some((krate, file)),
            Kind::Integration { .. } | Kind::Console { .. } | Kind::Case => None,
        }
    }

    /// The program that must not compile, from the root of the workspace.
    pub fn case(&self) -> Option<&str> {
        (self.kind == Kind::Case).then_some(&*self.path)
    }

    /// What shows it, as the user would type it.
    pub fn command(&self) -> String {
        let name = self.name;
        match self.kind {
            // The test's name alone: with its path it would be wider than a terminal.
            Kind::Unit { krate, .. } => format!("cargo test -p {krate} {name}"),
            Kind::Integration { package, file } => {
                format!("cargo test -p {package} --test {file} {name}")
            }
            Kind::Console { krate } => format!("cargo run -p {krate}"),
            Kind::Case => "cargo test -p promises --test compile_errors".to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_a_test_a_printed_block_or_a_case() {
        let proof = |link| {
            let proof = Proof::linked(link).unwrap();
            (proof.path.clone(), proof.command())
        };
        let pair = |path: &str, command: &str| (path.to_string(), command.to_string());
        assert_eq!(
            proof("[it_is](../../sections/a/src/x.rs)"),
            pair("crates/sections/a/src/x.rs", "cargo test -p a it_is")
        );
        assert_eq!(
            proof("[it_is](../../a/tests/x.rs)"),
            pair("crates/a/tests/x.rs", "cargo test -p a --test x it_is")
        );
        assert_eq!(
            proof("[it_is](../../../tests/signals.rs)"),
            pair("tests/signals.rs", "cargo test -p promises --test signals it_is")
        );
        assert_eq!(
            proof("[console](../../sections/a/README.md)"),
            pair("crates/sections/a/README.md", "cargo run -p a")
        );
        assert_eq!(
            proof("[case](../../../tests/ui/a/x.fail.rs)"),
            pair("tests/ui/a/x.fail.rs", "cargo test -p promises --test compile_errors")
        );
    }

    #[test]
    fn any_other_link_is_none() {
        for link in [
            "it_is",
            "[it_is](../a/src/x.rs)",
            "[it_is](../../a/x.rs)",
            "[it_is](../../a/src/x.md)",
            "[shown](../../a/README.md)",
            "[it_is](../../../tests/ui/a/x.fail.rs)",
            "[case](../../../tests/ui/a/x.pass.rs)",
        ] {
            assert_eq!(Proof::linked(link), None, "{link}");
        }
    }
}
