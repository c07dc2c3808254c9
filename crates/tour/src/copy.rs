//! A snippet becomes a package of its own.

use crate::destination::Destination;
use crate::failure::Failure;
use crate::map::Document;
use crate::quoted::quoted;
use crate::visible::shown;
use std::fs;
use std::path::Path;

/// The `.cargo/config.toml` of a package whose program needs the flag. A command that sets
/// `RUSTFLAGS` would be another in each shell.
const UNSTABLE: &str = "[build]\nrustflags = [\"--cfg\", \"tokio_unstable\"]\n";

/// A file of a section crate.
#[derive(Clone, Debug, PartialEq)]
pub struct Snippet {
    krate: &'static str,
    name: &'static str,
    /// `CRATE/FILE`.
    path: String,
}

impl Snippet {
    /// The one called `FILE` or `CRATE/FILE`.
    pub fn named(map: &[Document], name: &str) -> Result<Self, Failure> {
        let all = Self::all(map);
        let meant: Vec<&Self> =
            all.iter().filter(|one| one.name == name || one.path == name).collect();
        match meant[..] {
            [one] => Ok(one.clone()),
            [] => {
                let with_crate = name.contains('/');
                let called = |one: &'_ Self| {
                    if with_crate { one.path.clone() } else { one.name.into() }
                };
                let known: Vec<String> = all.iter().map(called).collect();
                let known = known.iter().map(String::as_str);
                let failure = Failure::wrong(format!("there is no snippet {name}"));
                let own: Vec<_> = all.iter().filter(|one| one.krate == name).collect();
                if !own.is_empty() {
                    let own: Vec<_> = own.iter().map(|one| one.name).collect();
                    return Err(failure.tip(format!("of this crate: {}", own.join(", "))));
                }
                Err(failure.did_you_mean(name, known, "`cargo run` lists the files of each crate"))
            }
            _ => {
                let paths: Vec<&str> = meant.iter().map(|one| one.path.as_str()).collect();
                let failure = Failure::wrong(format!("{name} is in {} crates", paths.len()));
                Err(failure.tip(format!("say {}", paths.join(" or "))))
            }
        }
    }

    /// Each once, though a file may stand in several rows.
    fn all(map: &[Document]) -> Vec<Self> {
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
}

/// Makes the package and says what to do next. Everything is read before anything is written.
pub fn copy(snippet: &Snippet, workspace: &Path, destination: &Path) -> Result<String, Failure> {
    let place = Destination::at(destination, workspace)?;
    let krate = workspace.join("crates/sections").join(snippet.krate);
    let source = read(&krate.join("src").join(format!("{}.rs", snippet.name)))?;
    let manifest = read(&krate.join("Cargo.toml"))?;

    let name = package_name(&place.name());
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n{}",
        dependencies(&manifest)
    );
    let program = without_tests(&source);
    // The workspace has this flag for all. A program that needs it says so.
    let config = program.contains("--cfg tokio_unstable").then_some(UNSTABLE);
    place.fill(&manifest, &program, config)?;

    let (path, folder) = (&snippet.path, quoted(destination));
    // On two lines, since not every shell of Windows knows `&&`.
    Ok(format!("{path} is now the package {name}. To run it:\n\ncd {folder}\ncargo run\n"))
}

/// The package gets lines that end with `\n`, whatever this checkout has.
fn read(path: &Path) -> Result<String, Failure> {
    let text = fs::read_to_string(path);
    let text = text.map_err(|error| Failure::refused(shown(path), &error))?;
    Ok(text.replace("\r\n", "\n"))
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

/// The file up to its `#[cfg(test)]`, with one newline at its end.
fn without_tests(source: &str) -> String {
    let program: Vec<&str> = source.lines().take_while(|line| *line != "#[cfg(test)]").collect();
    format!("{}\n", program.join("\n").trim_end())
}

/// The folder's name as Cargo allows it: ASCII letters, digits, `-` and `_`, no digit first, and
/// none of the folders Cargo makes beside the program.
fn package_name(folder: &str) -> String {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let words = folder.split(|letter| !allowed(letter)).filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("-");
    match name.as_str() {
        "" => "app".to_string(),
        "build" | "deps" | "examples" | "incremental" => format!("{name}-app"),
        _ if name.starts_with(|first: char| first.is_ascii_digit()) => format!("app-{name}"),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::{Content, File, Section};

    fn map(files: &[(&'static str, &'static str)]) -> [Document; 1] {
        let file = |&(krate, name)| File { krate, name, on_request: false };
        let content = Content::Programs(files.iter().map(file).collect());
        let sections = vec![Section { id: "1", content, ..Section::default() }];
        [Document { command: "t", name: "t", title: "t", before: None, sections }]
    }

    #[test]
    fn a_name_in_two_crates_lists_both() {
        let map = map(&[("a", "same"), ("b", "same"), ("b", "other")]);
        let failure = Snippet::named(&map, "same").unwrap_err();
        assert_eq!(failure, Failure::wrong("same is in 2 crates").tip("say a/same or b/same"));
        assert_eq!(Snippet::named(&map, "b/same").unwrap().krate, "b");
        assert_eq!(Snippet::named(&map, "other").unwrap().path, "b/other");
    }

    #[test]
    fn a_file_in_two_rows_is_one_snippet() {
        let map = map(&[("a", "same"), ("a", "same")]);
        assert_eq!(Snippet::named(&map, "same").unwrap().path, "a/same");
    }

    #[test]
    fn an_unknown_name_is_answered_in_its_own_form() {
        let map = map(&[("a", "delay")]);
        let tip = |name: &str| format!("{:?}", Snippet::named(&map, name).unwrap_err());
        assert!(tip("dealy").contains("did you mean delay?"));
        assert!(tip("a").contains("of this crate: delay"));
        assert!(tip("a/dealy").contains("did you mean a/delay?"));
        // No path leads out of the map.
        assert!(tip("a/../a/src/delay").contains("lists the files"));
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
            let snippet = Snippet::named(&map(&[("a", "same")]), "same").unwrap();
            let app = home.path().join("app");
            copy(&snippet, &home.path().join("ours"), &app).unwrap();
            ["Cargo.toml", "src/main.rs"].map(|name| fs::read_to_string(app.join(name)).unwrap())
        };
        let [manifest, program] = copied("\n");
        assert!(manifest.ends_with("\n[dependencies]\ntokio = \"1\"\n"), "{manifest}");
        assert_eq!(program, "fn main() {}\n");
        assert_eq!(copied("\r\n"), [manifest, program]);
    }

    #[test]
    fn tests_and_what_follows_them_are_left_out() {
        let program = "fn main() {}\n";
        assert_eq!(without_tests(&format!("{program}\n#[cfg(test)]\nmod tests {{}}\n")), program);
        assert_eq!(without_tests(program), program);
        // Only at the start of a line: an item within the program belongs to it.
        let inner = "mod a {\n    #[cfg(test)]\n    fn b() {}\n}\n";
        assert_eq!(without_tests(inner), inner);
    }

    #[test]
    fn any_folder_name_becomes_one_that_cargo_takes() {
        for (folder, name) in [
            ("my-app", "my-app"),
            ("my app (2)", "my-app-2"),
            ("2048", "app-2048"),
            ("試す", "app"),
            ("tokio試す", "tokio"),
            ("build", "build-app"),
            (".hidden", "hidden"),
            ("_x", "_x"),
        ] {
            assert_eq!(package_name(folder), name);
        }
    }
}
