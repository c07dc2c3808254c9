//! The section crates as the tests see them, and a stranger's package to paste their files into.

pub mod built;
pub mod compiler;
pub mod here;

pub use built::program;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};
use toml::{Table, Value as Toml};
use tour::data::{Crate, crates};

/// No program here takes more than some seconds: only one that hangs reaches it.
const WATCHDOG: Duration = Duration::from_secs(120);

pub const WORKSPACE: &str = env!("CARGO_MANIFEST_DIR");

/// The text of a file, whose lines end with `\n` whatever this checkout has.
pub fn read(path: impl AsRef<Path>) -> String {
    let path = Path::new(WORKSPACE).join(path);
    let text = fs::read_to_string(&path);
    let text = text.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.replace("\r\n", "\n")
}

/// A crate whose `main` is `utils::section!`.
pub struct Section {
    pub name: String,
    pub folder: PathBuf,
    /// Files that `cargo run -p NAME` runs, in its order, without `.rs`.
    pub parts: Vec<String>,
    /// Files that run only when named.
    pub on_request: Vec<String>,
}

/// The folders of all packages below `crates/`, by path.
pub fn packages() -> Vec<PathBuf> {
    let folders = folders_in("crates").chain(folders_in("crates/sections"));
    folders.filter(|folder| folder.join("Cargo.toml").is_file()).collect()
}

fn folders_in(path: &str) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = fs::read_dir(Path::new(WORKSPACE).join(path)).expect("it can be listed");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("it can be listed").path()).collect();
    paths.sort();
    paths.into_iter()
}

/// All section crates, by name.
pub fn sections() -> Vec<Section> {
    let mut sections: Vec<_> = crates().iter().map(Section::of).collect();
    sections.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(!sections.is_empty());
    sections
}

impl Section {
    fn of(krate: &Crate) -> Self {
        let names = |on_request| {
            let files = krate.files.iter().filter(move |file| file.on_request == on_request);
            files.map(|file| file.name.to_string()).collect()
        };
        Self {
            name: krate.name.to_string(),
            folder: Path::new(WORKSPACE).join("crates/sections").join(krate.name),
            parts: names(false),
            on_request: names(true),
        }
    }

    pub fn all_parts(&self) -> impl Iterator<Item = &String> {
        self.parts.iter().chain(&self.on_request)
    }

    pub fn path(&self, part: &str) -> PathBuf {
        self.folder.join("src").join(format!("{part}.rs"))
    }

    pub fn source(&self, part: &str) -> String {
        read(self.path(part))
    }

    pub fn readme(&self) -> String {
        read(self.folder.join("README.md"))
    }

    /// What its README shows below `$ cargo run -p NAME`, on this platform.
    pub fn documented_output(&self) -> String {
        let readme = here::here(&self.readme());
        let command = format!("```console\n$ cargo run -p {}\n", self.name);
        let (_, block) = readme.split_once(&command).expect("the README shows the run");
        let (output, _) = block.split_once("\n```").expect("the block is closed");
        output.to_string()
    }

    /// The paragraph below `[dependencies]`, byte for byte: what a copier copies.
    pub fn literal_dependencies(&self) -> String {
        let manifest = read(self.folder.join("Cargo.toml"));
        let (_, rest) = manifest.split_once("[dependencies]\n").expect("it has dependencies");
        let (paragraph, _) = rest.split_once("\n\n").unwrap_or((rest, ""));
        paragraph.to_string()
    }
}

impl Section {
    /// What its files may name, and the library behind each name.
    pub fn libraries(&self) -> BTreeMap<String, String> {
        let dependencies = self.literal_dependencies().parse::<toml::Table>();
        let mut dependencies = dependencies.expect("they are TOML");
        // Those of one platform are a table below the others.
        let platforms = dependencies.remove("target").into_iter();
        let platforms = platforms.flat_map(|it| it.as_table().expect("it is one").clone());
        let more = platforms.flat_map(|(_, it)| it["dependencies"].as_table().unwrap().clone());
        let names: BTreeSet<_> = more.map(|(name, _)| name).collect();
        let names = names.into_iter().chain(dependencies.into_iter().map(|(name, _)| name));
        names.map(|name| name.replace('-', "_")).map(|name| (name.clone(), name)).collect()
    }
}

/// A package outside the workspace: some programs, and the dependencies that they say they have.
///
/// It stays in `target/tmp`, so that only what changed is built again.
pub struct Stranger {
    pub folder: PathBuf,
}

/// An error or a warning of the compiler.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    pub level: String,
    pub code: Option<String>,
    pub message: String,
    /// All of it, as the compiler shows it.
    pub rendered: String,
}

impl Stranger {
    /// `programs` are pairs of a name and a source, pasted as they are.
    pub fn new(kind: &str, name: &str, dependencies: &str, programs: &[(String, String)]) -> Self {
        Self::of_edition("2024", kind, name, dependencies, programs)
    }

    /// A new package has the newest edition. One that is there may have an older one.
    pub fn of_edition(
        edition: &str,
        kind: &str,
        name: &str,
        dependencies: &str,
        programs: &[(String, String)],
    ) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(kind).join(name);
        let bin = folder.join("src/bin");
        fs::create_dir_all(&bin).expect("target/tmp can be written");
        for entry in fs::read_dir(&bin).expect("made above") {
            let path = entry.expect("made above").path();
            if !programs.iter().any(|(name, _)| path == bin.join(name)) {
                let removed = fs::remove_file(&path).or_else(|_| fs::remove_dir_all(&path));
                removed.expect("target/tmp can be written");
            }
        }
        // An empty library has all that the programs depend on.
        write_if_changed(&folder.join("src/lib.rs"), "");
        for (name, source) in programs {
            let folder = bin.join(name);
            fs::create_dir_all(&folder).expect("target/tmp can be written");
            // The name that it has in its reader's package.
            write_if_changed(&folder.join("main.rs"), source);
        }
        // `[workspace]` because target/ lies inside one. Profiles as there: what both have is built once.
        let manifest = format!(
            "[package]\nname = \"stranger-{name}\"\nversion = \"0.1.0\"\nedition = \"{edition}\"\n\n\
             [workspace]\n\n[profile.dev]\ndebug = false\ncodegen-units = 1\n\n\
             [profile.dev.build-override]\ncodegen-units = 1\n\n[dependencies]\n{dependencies}\n",
        );
        write_if_changed(&folder.join("Cargo.toml"), &manifest);
        // Another test may build it already.
        write_if_changed(&folder.join("Cargo.lock"), &read("Cargo.lock"));
        Self { folder }
    }

    /// Checks all programs, without building any, and returns what the compiler says.
    pub fn check(&self) -> Vec<Diagnostic> {
        self.diagnostics(&["check", "--bins", "--keep-going"])
    }

    /// Checks all programs with their tests.
    pub fn check_tests(&self) -> Vec<Diagnostic> {
        self.diagnostics(&["check", "--bins", "--keep-going", "--profile", "test"])
    }

    /// Without any flag of the workspace.
    fn diagnostics(&self, words: &[&str]) -> Vec<Diagnostic> {
        let mut cargo = self.cargo(words);
        messages(cargo.env("CARGO_ENCODED_RUSTFLAGS", ""))
            .iter()
            .filter_map(Diagnostic::read)
            .collect()
    }

    /// Builds what it depends on, for a compiler that is called without cargo.
    pub fn dependencies(&self) -> Dependencies {
        let messages = messages(&mut self.cargo(&["build", "--lib"]));
        let said: Vec<_> = messages.iter().filter_map(Diagnostic::read).collect();
        assert!(said.is_empty(), "{said:#?}");
        let artifacts = messages.iter().filter(|message| message["reason"] == "compiler-artifact");
        Dependencies::of(artifacts)
    }

    fn cargo(&self, words: &[&str]) -> Command {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("it is in target/");
        let mut command = Command::new(env!("CARGO"));
        command
            .args(words)
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            // It would be one more folder on the way to what is built.
            .env_remove("CARGO_BUILD_TARGET")
            // Dependencies are shared with the workspace, and with all that is built here without a flag.
            .env("CARGO_BUILD_BUILD_DIR", target)
            // Nothing is edited here: what is kept for that would take half of the time and disk.
            .env("CARGO_INCREMENTAL", "0");
        command
    }
}

/// Runs a program that has been built, and returns what it prints, on stdout and stderr as one text.
pub fn printed(mut command: Command) -> String {
    let (mut reader, writer) = std::io::pipe().expect("a pipe can be opened");
    let stderr = writer.try_clone().expect("a pipe can be cloned");
    // The shell of somebody behind a proxy that has no way to this machine.
    command.env("HTTP_PROXY", "http://127.0.0.1:1").env("RUST_BACKTRACE", "0");
    command.stdout(writer).stderr(stderr);
    let name = format!("{command:?}");
    let mut child = command.spawn().expect("it has been built");
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
            panic!("{name} is still running after {WATCHDOG:?}");
        }
        thread::sleep(Duration::from_millis(5));
    };
    let printed = printed.join().expect("reading does not panic");
    assert!(status.success(), "{name}: {status}: {printed}");
    printed
}

impl Diagnostic {
    fn read(message: &Value) -> Option<Self> {
        if message["reason"] != "compiler-message" {
            return None;
        }
        Self::of_compiler(&message["message"])
    }

    /// A line that the compiler itself prints.
    pub fn of_compiler(inner: &Value) -> Option<Self> {
        let text = |value: &Value| value.as_str().map(String::from);
        let message_text = text(&inner["message"])?;
        // The last lines of rustc, such as "aborting due to 1 previous error", say nothing new.
        let summary = inner["spans"].as_array().is_none_or(|spans| spans.is_empty())
            && inner["code"].is_null();
        (!summary).then_some(Self {
            level: text(&inner["level"])?,
            code: text(&inner["code"]["code"]),
            message: message_text,
            rendered: text(&inner["rendered"])?,
        })
    }
}

/// What a package is built from.
pub struct Dependencies {
    /// Each library by the name that a program calls it by, and what can be linked of it.
    libraries: HashMap<String, Vec<PathBuf>>,
}

impl Dependencies {
    fn of<'a>(artifacts: impl IntoIterator<Item = &'a Value>) -> Self {
        let mut libraries = HashMap::<_, Vec<PathBuf>>::new();
        for artifact in artifacts {
            let text = |value: &Value| value.as_str().expect("cargo names it").to_string();
            let files = artifact["filenames"].as_array().expect("cargo lists the files");
            let files = files.iter().map(|file| PathBuf::from(text(file)));
            // A `.rmeta` is the part of an `.rlib` that says how it is called.
            let mut files = files.filter(|file| file.extension().is_some_and(|it| it != "rmeta"));
            libraries.entry(text(&artifact["target"]["name"])).or_default().extend(files.next());
        }
        Self { libraries }
    }

    /// Adds one that cargo has not built.
    pub fn add(&mut self, name: &str, file: PathBuf) {
        self.libraries.insert(name.to_string(), vec![file]);
    }

    /// Tells the compiler where all of them are, and lets a program name these. Returns when these
    /// were built: what changes in a package of this machine does not change the name of its file.
    pub fn pass(&self, compiler: &mut Command, names: &BTreeMap<String, String>) -> String {
        let files = self.libraries.values().flatten();
        let folders: BTreeSet<_> = files.filter_map(|file| file.parent()).collect();
        for folder in folders {
            compiler.arg("-L").arg(format!("dependency={}", folder.display()));
        }
        let built = names.iter().map(|(name, library)| {
            let file = self.libraries[library].last().expect("as many as names");
            compiler.arg("--extern").arg(format!("{name}={}", file.display()));
            let built = fs::metadata(file).and_then(|file| file.modified());
            format!("{:?} ", built.expect("it has been built"))
        });
        built.collect()
    }
}

/// Runs cargo, and returns what it says of each thing that it builds.
fn messages(cargo: &mut Command) -> Vec<Value> {
    let output = cargo.args(["--message-format", "json"]).output();
    let output = output.expect("cargo runs this test, so it can be run");
    let lines = output.stdout.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    let messages: Vec<Value> =
        lines.map(|line| serde_json::from_slice(line).expect("cargo prints JSON")).collect();
    assert!(
        messages.iter().any(|message| message["reason"] == "build-finished"),
        "{cargo:?}:\n{}",
        String::from_utf8_lossy(&output.stderr),
    );
    messages
}

/// Does something with each, with so many at once, and returns what has come of them, in their order.
pub fn at_once<T: Send, R: Send>(
    count: usize,
    all: Vec<T>,
    each: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    let waiting = Mutex::new(all.into_iter().enumerate());
    let take = || waiting.lock().expect("no holder of this lock panics").next();
    let each_in_turn =
        || std::iter::from_fn(take).map(|(at, it)| (at, each(it))).collect::<Vec<_>>();
    let mut done: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..count).map(|_| scope.spawn(each_in_turn)).collect();
        threads.into_iter().flat_map(|it| it.join().unwrap()).collect()
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Leaves an unchanged file alone: a new time stamp would build it again.
pub fn write_if_changed(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return;
    }
    fs::write(path, text).expect("target/tmp can be written");
}

/// All of them, each with all features that are asked for.
pub fn union(tables: impl IntoIterator<Item = Table>) -> Table {
    let mut all = Table::new();
    for (name, value) in tables.into_iter().flatten() {
        let mut own = match value {
            Toml::Table(table) => table,
            version => Table::from_iter([("version".to_string(), version)]),
        };
        let known = all.entry(&name).or_insert_with(|| Toml::Table(own.clone()));
        let known = known.as_table_mut().expect("inserted as one");
        if !own.contains_key("default-features") {
            known.remove("default-features");
        }
        if let Some(Toml::Array(features)) = own.remove("features") {
            let all = known.entry("features").or_insert_with(|| Toml::Array(Vec::new()));
            all.as_array_mut().expect("inserted as one").extend(features);
        }
    }
    all
}

/// As inline tables: a manifest goes on below them.
pub fn manifest(dependencies: &Table) -> String {
    dependencies.iter().map(|(name, it)| format!("{name} = {it}\n")).collect()
}

/// A package of this workspace.
pub fn path_to(name: &str) -> Table {
    let path = Path::new(WORKSPACE).join("crates").join(name);
    let path = Toml::from(path.to_str().expect("a path in UTF-8"));
    Table::from_iter([("path".to_string(), path)])
}
