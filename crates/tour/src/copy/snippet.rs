//! A snippet becomes a package of its own.

use super::{FLAG_OF_THE_WORKSPACE, package_name, read, without_tests};
use crate::destination::Destination;
use crate::failure::Failure;
use crate::map::Document;
use crate::quoted::quoted;
use std::path::Path;

/// The `.cargo/config.toml` of a package whose program needs the flag. A command that sets
/// `RUSTFLAGS` would be another in each shell.
const UNSTABLE: &str = "[build]\nrustflags = [\"--cfg\", \"tokio_unstable\"]\n";

/// A file of a section crate.
#[derive(Clone, Debug, PartialEq)]
pub struct Snippet {
    pub krate: &'static str,
    pub name: &'static str,
    /// `CRATE/FILE`.
    pub path: String,
}

impl Snippet {
    /// Each once, though a file may stand in several rows.
    pub fn all(map: &[Document]) -> Vec<Self> {
        let mut all = Vec::new();
        let sections = map.iter().flat_map(|document| &document.sections);
        for file in sections.flat_map(|section| section.files()) {
            let path = format!("{}/{}", file.krate, file.name);
            let snippet = Self { krate: file.krate, name: file.name, path };
            if !all.contains(&snippet) {
                all.push(snippet);
            }
        }
        all
    }

    /// Makes the package and says what to do next. Everything is read before anything is written.
    pub fn copy(&self, workspace: &Path, destination: &Path) -> Result<String, Failure> {
        let place = Destination::at(destination, workspace)?;
        let krate = workspace.join("crates/sections").join(self.krate);
        let source = read(&krate.join("src").join(format!("{}.rs", self.name)))?;
        let manifest = read(&krate.join("Cargo.toml"))?;

        let dependencies = dependencies(&manifest);
        let names = dependencies.lines().filter_map(|line| line.split([' ', '.', '=']).next());
        let names: Vec<String> = names.map(|name| name.replace('-', "_")).collect();
        let name = package_name(&place.name(), |name| names.iter().any(|own| own == name));
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n{dependencies}"
        );
        let program = without_tests(&source);
        let mut beside = Vec::new();
        for name in tour::beside(&program) {
            beside.push((format!("src/{name}"), read(&krate.join("src").join(name))?));
        }
        let mut files = vec![("Cargo.toml", &*manifest), ("src/main.rs", &*program)];
        files.extend(beside.iter().map(|(path, text)| (&**path, &**text)));
        // The workspace has this flag for all. A program that needs it says so.
        if program.contains(FLAG_OF_THE_WORKSPACE) {
            files.push((".cargo/config.toml", UNSTABLE));
        }
        place.fill(&files)?;

        let (path, folder) = (&self.path, quoted(destination));
        // On two lines, since not every shell of Windows knows `&&`.
        Ok(format!("{path} is now the package {name}. To run it:\n\ncd {folder}\ncargo run\n"))
    }
}

/// The first paragraph of `[dependencies]`, byte for byte: what the snippets need. What comes
/// after an empty line is the workspace's own.
fn dependencies(manifest: &str) -> &str {
    const HEADER: &str = "[dependencies]";
    let lines = manifest.split_inclusive('\n');
    let length = |lines: &mut dyn Iterator<Item = &str>| lines.map(str::len).sum::<usize>();
    let start = length(&mut lines.clone().take_while(|line| line.trim_end() != HEADER));
    let table = &manifest[start..];
    let mut paragraph = table.split_inclusive('\n').take_while(|line| !line.trim().is_empty());
    &table[..length(&mut paragraph)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn what_a_program_names_beside_itself_goes_with_it() {
        let home = tempfile::TempDir::new().unwrap();
        let krate = home.path().join("ours/crates/sections/a");
        fs::create_dir_all(krate.join("src")).unwrap();
        fs::write(krate.join("Cargo.toml"), "[package]\n\n[dependencies]\n").unwrap();
        let program = "#[path = \"harness.rs\"]\nmod harness;\n\nfn main() {}\n";
        fs::write(krate.join("src/one.rs"), program).unwrap();
        fs::write(krate.join("src/harness.rs"), "pub fn f() {}\n").unwrap();
        let snippet = Snippet { krate: "a", name: "one", path: "a/one".into() };
        let app = home.path().join("app");
        snippet.copy(&home.path().join("ours"), &app).unwrap();
        assert_eq!(fs::read_to_string(app.join("src/main.rs")).unwrap(), program);
        assert_eq!(fs::read_to_string(app.join("src/harness.rs")).unwrap(), "pub fn f() {}\n");
    }

    #[test]
    fn the_dependencies_end_at_the_first_empty_line() {
        let first = "[dependencies]\n# a reason\ntokio = \"1\"\n";
        for rest in ["", "\nutils.workspace = true\n", "\n[dev-dependencies]\nx = \"1\"\n"] {
            assert_eq!(dependencies(&format!("[package]\nname = \"a\"\n\n{first}{rest}")), first);
        }
        assert_eq!(dependencies("[dependencies]\n"), "[dependencies]\n");
        assert_eq!(dependencies("[package]\n[dev-dependencies]\n"), "");
    }

    #[test]
    fn a_package_has_the_same_bytes_from_a_checkout_of_windows() {
        let copied = |end: &str| {
            let home = tempfile::TempDir::new().unwrap();
            let krate = home.path().join("ours/crates/sections/a");
            fs::create_dir_all(krate.join("src")).unwrap();
            let put = |name: &str, text: &str| {
                fs::write(krate.join(name), text.replace('\n', end)).unwrap();
            };
            put("Cargo.toml", "[package]\n\n[dependencies]\ntokio = \"1\"\n\nutils = \"1\"\n");
            put("src/same.rs", "fn main() {}\n\n#[cfg(test)]\nmod tests {}\n");
            let snippet = Snippet { krate: "a", name: "same", path: "a/same".into() };
            let app = home.path().join("app");
            snippet.copy(&home.path().join("ours"), &app).unwrap();
            ["Cargo.toml", "src/main.rs"].map(|name| fs::read_to_string(app.join(name)).unwrap())
        };
        let [manifest, program] = copied("\n");
        assert!(manifest.ends_with("\n[dependencies]\ntokio = \"1\"\n"), "{manifest}");
        assert_eq!(program, "fn main() {}\n");
        assert_eq!(copied("\r\n"), [manifest, program]);
    }
}
