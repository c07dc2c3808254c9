//! The package that a recipe goes into, as cargo sees it.

use super::answer::Answer;
use super::version::Version;
use crate::failure::Failure;
use crate::visible::shown;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use tinyjson::JsonValue as Value;

/// An existing package.
#[derive(Debug, PartialEq)]
pub struct Target {
    pub name: String,
    pub folder: PathBuf,
    /// Of its workspace, or of itself.
    pub workspace: PathBuf,
    pub edition: u32,
    pub rust: Option<Version>,
    pub root: Root,
    pub dependencies: Vec<Dependency>,
    /// Its name for cargo.
    pub id: String,
}

/// The file that the `mod` line goes into.
#[derive(Debug, PartialEq)]
pub struct Root {
    pub file: PathBuf,
    /// The beginning of paths to it.
    pub krate: String,
    /// Others can call it, so its module is `pub`.
    pub is_library: bool,
}

#[derive(Debug, PartialEq)]
pub struct Dependency {
    /// As its registry calls it.
    pub package: String,
    /// As the manifest and the code call it, with `_` for `-`.
    pub alias: String,
    /// The `version` of the manifest.
    pub asked: String,
    pub is_dev: bool,
    pub is_optional: bool,
    pub has_defaults: bool,
    pub features: BTreeSet<String>,
}

impl Target {
    /// The package in `folder`, which the user calls `path`. `None` if it has no manifest.
    ///
    /// Cargo reads the manifest, with all that it inherits from its workspace, and writes nothing.
    pub fn in_folder(path: &Path, folder: &Path) -> Result<Option<Self>, Failure> {
        let manifest = folder.join("Cargo.toml");
        if !manifest.is_file() {
            return Ok(None);
        }
        let read = metadata(folder, &["--no-deps"])
            .map_err(|why| Failure::wrong(format!("cargo cannot read {}: {why}", shown(path))))?;
        let packages = read.at("packages").list();
        let file = |package: &Value| package.at("manifest_path").text().map(PathBuf::from);
        let is_it = |package: &&Value| {
            let file = file(package).and_then(|file| dunce::canonicalize(&file).ok());
            file == dunce::canonicalize(&manifest).ok()
        };
        let Some(package) = packages.iter().find(is_it) else {
            let mut members: Vec<_> = packages.iter().filter_map(file).collect();
            members.retain_mut(|member| member.pop());
            return Err(virtual_workspace(path, folder, &members));
        };
        let workspace =
            read.at("workspace_root").text().map_or_else(|| folder.into(), PathBuf::from);
        Self::read(package, folder, workspace).map(Some).ok_or_else(|| {
            let message = format!("{} has no src/lib.rs and no src/main.rs", shown(path));
            Failure::wrong(message).tip("a module goes into one of these")
        })
    }

    fn read(package: &Value, folder: &Path, workspace: PathBuf) -> Option<Self> {
        let text = |key: &str| package.at(key).text();
        let dependencies = package.at("dependencies").list().iter();
        Some(Self {
            name: text("name")?.into(),
            folder: folder.into(),
            workspace,
            edition: text("edition")?.parse().ok()?,
            rust: text("rust_version").and_then(Version::parse),
            root: Root::of(package)?,
            // What only one platform has is missing on the others.
            dependencies: dependencies
                .filter(|it| it.at("target").is_null() && !it.at("kind").is("build"))
                .filter_map(Dependency::read)
                .collect(),
            id: text("id")?.into(),
        })
    }

    /// A path in it, as it is called there.
    pub fn show(&self, file: &Path) -> String {
        shown(file.strip_prefix(&self.folder).unwrap_or(file))
    }
}

impl Root {
    /// The library, or the program that has a folder of modules: `src/bin/one.rs` has none.
    fn of(package: &Value) -> Option<Self> {
        let targets = package.at("targets").list().iter();
        let roots = targets.filter_map(|target| {
            let kinds: Vec<_> = target.at("kind").texts().collect();
            let is_library = kinds.iter().any(|kind| kind.ends_with("lib"));
            let is_macro = kinds.contains(&"proc-macro");
            let file = PathBuf::from(target.at("src_path").text()?);
            let is_one_of_many = file.parent().is_some_and(|folder| folder.ends_with("src/bin"));
            if !(is_library || is_macro || (kinds == ["bin"] && !is_one_of_many)) {
                return None;
            }
            let krate = target.at("name").text()?.replace('-', "_");
            let is_main = file.ends_with("src/main.rs");
            Some((!(is_library || is_macro), !is_main, Self { file, krate, is_library }))
        });
        roots.min_by_key(|(is_program, is_other, _)| (*is_program, *is_other)).map(|(.., it)| it)
    }
}

impl Dependency {
    fn read(value: &Value) -> Option<Self> {
        let package = value.at("name").text()?;
        let features = value.at("features").texts();
        Some(Self {
            package: package.into(),
            alias: value.at("rename").text().unwrap_or(package).replace('-', "_"),
            asked: value.at("req").text()?.into(),
            is_dev: value.at("kind").is("dev"),
            is_optional: *value.at("optional") == Value::Boolean(true),
            has_defaults: *value.at("uses_default_features") == Value::Boolean(true),
            features: features.map(String::from).collect(),
        })
    }
}

fn virtual_workspace(path: &Path, folder: &Path, members: &[PathBuf]) -> Failure {
    const MOST: usize = 8;
    let typed = |member: &PathBuf| {
        let inner = member.strip_prefix(folder).unwrap_or(member);
        shown(path.join(inner))
    };
    let failure = Failure::wrong(format!("{} is a workspace without a package", shown(path)));
    let mut names: Vec<String> = members.iter().map(typed).collect();
    names.sort();
    let more = names.len().saturating_sub(MOST);
    names.truncate(MOST);
    match more {
        _ if names.is_empty() => failure.tip("it has no members yet"),
        0 => failure.tip(format!("its members: {}", names.join(", "))),
        _ => failure.tip(format!("its members: {}, and {more} more", names.join(", "))),
    }
}

/// Returns what `cargo metadata` says of the manifest in `folder`, or why it says nothing.
pub fn metadata(folder: &Path, words: &[&str]) -> Result<Value, String> {
    let mut cargo = cargo(folder);
    cargo.args(["metadata", "--quiet", "--format-version", "1"]).args(words);
    let answer = output(&mut cargo)?;
    let answer = String::from_utf8(answer).map_err(|error| error.to_string())?;
    answer.parse().map_err(|error: tinyjson::JsonParseError| error.to_string())
}

/// Cargo as somebody would start it in `folder`.
pub fn cargo(folder: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(folder);
    cargo
}

/// Returns what `command` prints, or why it fails, on one line.
pub fn output(command: &mut Command) -> Result<Vec<u8>, String> {
    let output = command.output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let lines = said.lines().map(|line| line.trim_start_matches("error: ").trim());
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty() && *line != "Caused by:").collect();
    Err(lines.join(": "))
}
