//! All sections as strangers have them: packages of a workspace of their own, built without any flag.
//!
//! They have one set of features, so that what they depend on is built once for all the tests that
//! ask for it. That the literal dependencies of each crate are enough for it alone is what
//! `scripts/alone` checks.

use super::{Section, Stranger, WORKSPACE, read, sections, write_if_changed};
use std::fs;
use std::path::Path;
use toml::{Table, Value};

/// The call of the document that needs the flag.
pub const CONSOLE_INIT: &str = "console_init";

/// What is not a section: the exercises, and what the recipes and their service are built from.
const OTHERS: &str = "others";

/// What a service has before a recipe goes into it.
pub const SERVICE: &str = "\
axum = { version = \"0.8\", default-features = false, features = [\"http1\", \"tokio\"] }
tokio = { version = \"1\", features = [\"macros\", \"net\", \"rt-multi-thread\"] }
";

/// The same one for each test that asks for it. All but the first find it built.
pub fn everything() -> Stranger {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("everything");
    let sections = sections();
    for section in &sections {
        let readme = folder.join(&section.name).join("README.md");
        write_package(&folder, &section.name, &package(section));
        // `--help` says what it says of each part.
        write_if_changed(&readme, &section.readme());
    }
    let init = folder.join("observability/src/bin").join(CONSOLE_INIT).with_extension("rs");
    fs::create_dir_all(init.parent().expect("it is in a folder"))
        .expect("target/tmp can be written");
    write_if_changed(&init, "fn main() {\n    console_subscriber::init();\n}\n");
    write_package(&folder, OTHERS, &others());

    let names = sections.iter().map(|section| section.name.as_str()).chain([OTHERS]);
    let members: Vec<_> = names.collect();
    // Only what prints a backtrace has lines.
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = {members:?}\n\n[profile.dev]\ndebug = false\n\n\
         [profile.dev.package.observability]\ndebug = \"line-tables-only\"\n",
    );
    write_if_changed(&folder.join("Cargo.toml"), &manifest);
    // Another test may build it already.
    write_if_changed(&folder.join("Cargo.lock"), &read("Cargo.lock"));
    Stranger { folder }
}

/// The dependencies of all these packages, each with all features that are asked for.
pub fn dependencies_of_all() -> Table {
    let packages = sections().iter().map(package).chain([others()]).collect::<Vec<_>>();
    let tables = |name: &str| {
        let tables = packages.iter().filter_map(|package| package.get(name)?.as_table().cloned());
        tables.collect::<Vec<_>>()
    };
    let all = [
        ("dependencies", union(tables("dependencies"))),
        ("target", tables("target").into_iter().flatten().collect()),
    ];
    all.map(|(name, table)| (name.to_string(), Value::Table(table))).into_iter().collect()
}

/// Returns the section itself: its program, its library if it has one, and its dependencies.
fn package(section: &Section) -> Table {
    let mut manifest: Table = read(section.folder.join("Cargo.toml")).parse().expect("it is TOML");
    let name = ("name".to_string(), Value::from(section.name.as_str()));
    let main = Table::from_iter([name, ("path".to_string(), path_in(section, "src/main.rs"))]);
    let mut package = Table::new();
    package.insert("bin".to_string(), Value::from(vec![main]));
    let dependencies = dependencies(section, &manifest);
    package.insert("dependencies".to_string(), Value::from(dependencies));
    if let Some(features) = manifest.remove("features") {
        package.insert("features".to_string(), features);
    }
    if let Some(mut lib) = manifest.remove("lib") {
        lib["path"] = path_in(section, lib["path"].as_str().expect("it is a path"));
        package.insert("lib".to_string(), lib);
    }
    let platforms = manifest.get("target").and_then(Value::as_table).into_iter().flatten();
    let platforms = platforms.filter(|(_, it)| it.get("dependencies").is_some());
    let platforms: Table = platforms.map(|(name, it)| (name.clone(), it.clone())).collect();
    package.insert("target".to_string(), Value::from(platforms));
    package
}

/// Returns the dependencies of the section, without what only this workspace has.
fn dependencies(section: &Section, manifest: &Table) -> Table {
    let mut dependencies = manifest["dependencies"].as_table().expect("it is one").clone();
    if let Some(Value::Table(reqwest)) = dependencies.get_mut("reqwest") {
        // TLS, whose C takes as long as all programs here. None of them speaks it.
        reqwest.remove("features");
    }
    dependencies["utils"].as_table_mut().expect("it is one").extend(path_to("utils"));
    let workspace: Table = read("Cargo.toml").parse().expect("it is TOML");
    let given = &workspace["workspace"]["dependencies"];
    for (name, dependency) in dependencies.iter_mut() {
        if let Some(own) = dependency.as_table_mut()
            && own.remove("workspace").is_some()
            && name != "utils"
        {
            // Of the workspace, which a stranger does not have.
            own.extend(specification(&given[name]));
        }
        if let Some(place) = dependency.get_mut("path") {
            *place = path_in(section, place.as_str().expect("it is a path"));
        }
    }
    dependencies
}

fn path_in(section: &Section, path: &str) -> Value {
    Value::from(section.folder.join(path).to_str().expect("it is UTF-8"))
}

fn others() -> Table {
    let manifests = ["exercises", "recipes"].map(|name| {
        let manifest = read(format!("crates/{name}/Cargo.toml"));
        manifest.parse::<Table>().expect("it is TOML")
    });
    let kinds = ["dependencies", "dev-dependencies"];
    let tables = manifests.iter().flat_map(|it| kinds.into_iter().filter_map(|kind| it.get(kind)));
    let tables = tables.map(|table| table.as_table().expect("it is one").clone());
    let exercises = Table::from_iter([("exercises".to_string(), path_to("exercises").into())]);
    let service = SERVICE.parse().expect("it is TOML");
    let dependencies = union(tables.chain([exercises, service]));
    Table::from_iter([("dependencies".to_string(), Value::from(dependencies))])
}

/// A member. If it has no library of its own, an empty one has all that the package depends on.
pub fn write_package(workspace: &Path, name: &str, package: &Table) {
    let folder = workspace.join(name);
    fs::create_dir_all(folder.join("src")).expect("target/tmp can be written");
    write_if_changed(&folder.join("src/lib.rs"), "");
    let mut package = package.clone();
    let lib = package.entry("lib").or_insert_with(|| Table::new().into());
    let lib = lib.as_table_mut().expect("it is one");
    lib.extend(["doctest", "test"].map(|kind| (kind.to_string(), false.into())));
    let manifest = format!("package = {{ name = {name:?}, edition = \"2024\" }}\n{package}");
    write_if_changed(&folder.join("Cargo.toml"), &manifest);
}

/// All of them, each with all features that are asked for.
pub fn union(tables: impl IntoIterator<Item = Table>) -> Table {
    let mut all = Table::new();
    for (name, value) in tables.into_iter().flatten() {
        let mut own = specification(&value);
        let known = all.entry(&name).or_insert_with(|| Value::Table(own.clone()));
        let known = known.as_table_mut().expect("inserted as one");
        if !own.contains_key("default-features") {
            known.remove("default-features");
        }
        if let Some(Value::Array(features)) = own.remove("features") {
            let all = known.entry("features").or_insert_with(|| Value::Array(Vec::new()));
            all.as_array_mut().expect("inserted as one").extend(features);
        }
    }
    all
}

/// A dependency that may be its version alone.
fn specification(value: &Value) -> Table {
    match value {
        Value::Table(table) => table.clone(),
        version => Table::from_iter([("version".to_string(), version.clone())]),
    }
}

/// As inline tables: a manifest goes on below them.
pub fn manifest(dependencies: &Table) -> String {
    dependencies.iter().map(|(name, it)| format!("{name} = {it}\n")).collect()
}

/// A package of this workspace.
pub fn path_to(name: &str) -> Table {
    let path = Path::new(WORKSPACE).join("crates").join(name);
    let path = Value::from(path.to_str().expect("a path in UTF-8"));
    Table::from_iter([("path".to_string(), path)])
}
