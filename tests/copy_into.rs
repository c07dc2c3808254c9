//! Promise: every recipe goes into a service by one command, compiles there, and its tests pass.

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;
use support::{WORKSPACE, program, read, write_if_changed};
use tempfile::TempDir;
use toml::Table;

/// A service as people have it, and a warning is an error.
const MANIFEST: &str = "\
[package]
name = \"service\"
version = \"0.1.0\"
edition = \"2024\"

[lints.rust]
warnings = \"deny\"

[dependencies]
axum = { version = \"0.8\", default-features = false, features = [\"http1\", \"tokio\"] }
tokio = { version = \"1\", features = [\"macros\", \"net\", \"rt-multi-thread\"] }
";

const MAIN: &str = "\
//! Says hello.

use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let app = Router::new().route(\"/\", get(|| async { \"hello\" }));
    axum::serve(TcpListener::bind(\"127.0.0.1:0\").await?, app).await
}
";

const WORKSPACE_OF_BOTH: &str = "\
[workspace]
members = [\"20*\"]
resolver = \"2\"

# A recipe that shows a backtrace has lines there, as in any package.
[profile.dev]
debug = \"line-tables-only\"

[profile.dev.package.\"*\"]
debug = false
";

fn names() -> Vec<String> {
    let list: Table = read("crates/recipes/recipes.toml").parse().expect("it is TOML");
    let recipes = list["recipe"].as_array().expect("a table each").iter();
    recipes.map(|recipe| recipe["name"].as_str().expect("it has a name").to_string()).collect()
}

/// Copies every recipe with its tests, as its user would, who has no network.
fn copy_all(service: &Path) {
    for name in names() {
        let mut tour = program("tour");
        tour.args(["copy", &name, "--with-tests", "--apply"]).arg(service);
        let copied = tour.env("CARGO_NET_OFFLINE", "true").output().expect("it has been built");
        assert!(copied.status.success(), "{name}: {copied:?}");
    }
}

#[test]
fn every_recipe_goes_into_a_service_of_each_edition_and_passes_its_tests_there() {
    let home = TempDir::new().unwrap();
    let file = |path: &str| home.path().join(path);
    write_if_changed(&file("Cargo.toml"), WORKSPACE_OF_BOTH);
    fs::copy(Path::new(WORKSPACE).join("Cargo.lock"), file("Cargo.lock")).unwrap();
    for edition in ["2024", "2021"] {
        fs::create_dir_all(file(edition).join("src")).unwrap();
        fs::write(file(edition).join("src/main.rs"), MAIN).unwrap();
        // The other service begins with all dependencies: cargo need not be asked for them again.
        let manifest = match edition {
            "2024" => MANIFEST.replace("service", "service-2024"),
            _ => fs::read_to_string(file("2024/Cargo.toml")).unwrap().replace("2024", edition),
        };
        fs::write(file(edition).join("Cargo.toml"), manifest).unwrap();
        copy_all(&file(edition));
    }
    let (old, new) = (file("2021/Cargo.toml"), file("2024/Cargo.toml"));
    let read = |path| fs::read_to_string(path).unwrap();
    assert_eq!(read(old).replace("2021", "2024"), read(new), "the second lacked something");

    let service = Path::new(env!("CARGO_TARGET_TMPDIR")).join("copy-into");
    keep(home.path(), &service);
    // Nothing is used in the second one, where no test stands: a warning would be an error.
    for (words, expected) in [("test", 2), ("build", 0)] {
        let (succeeded, said) = cargo(words, &service);
        assert!(succeeded, "{said}");
        assert_eq!(said.matches("test result: ok. ").count(), expected, "{said}");
    }
}

/// Runs cargo for both services, without any flag of the workspace. Returns what it says.
fn cargo(word: &str, service: &Path) -> (bool, String) {
    let output = Command::new(env!("CARGO"))
        .args([word, "--workspace", "--offline", "--quiet"])
        .current_dir(service)
        .env("CARGO_TARGET_DIR", service.join("target"))
        .env_remove("CARGO_BUILD_TARGET")
        // Dependencies are shared with all that is built here without a flag.
        .env("CARGO_BUILD_BUILD_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap())
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_ENCODED_RUSTFLAGS", "")
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned());
    (output.status.success(), said.concat())
}

/// The packages in a place that stays: what has not changed is not built again.
fn keep(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    let names = |folder: &Path| {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name()).collect::<Vec<_>>()
    };
    let new = names(from);
    // A recipe that is gone.
    for old in names(to).into_iter().filter(|name| !new.contains(name) && name != "target") {
        fs::remove_file(to.join(old)).unwrap();
    }
    for name in new {
        let (from, to) = (from.join(&name), to.join(&name));
        match from.is_dir() {
            true => keep(&from, &to),
            false => write_if_changed(&to, &fs::read_to_string(&from).unwrap()),
        }
    }
}
