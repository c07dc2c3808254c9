//! The service is built of what deep dive 14 names, and its README leads through all of it.

use service::variables::{ALL, Variable};

const MANIFEST: &str = include_str!("../Cargo.toml");
const LOCK: &str = include_str!("../Cargo.lock");
const README: &str = include_str!("../README.md");

/// Proves D-14-3.
#[test]
fn the_nine_libraries_are_one_service() {
    let (_, rest) = MANIFEST.split_once("[dependencies]").unwrap();
    let (dependencies, _) = rest.split_once("[build-dependencies]").unwrap();
    let uses = |name: &&str| dependencies.lines().any(|it| it.starts_with(&format!("{name} = ")));
    let named = ["hyper", "axum", "reqwest", "sqlx", "sea-orm", "tonic", "tracing"];
    let named = named.into_iter().chain(["opentelemetry", "tower"]);
    assert_eq!(named.filter(|name| !uses(name)).collect::<Vec<_>>(), [""; 0]);
}

/// Two of either would be two SQLites in one program, or two kinds of pools.
#[test]
fn sqlx_and_sea_orm_share_one_sqlx_and_one_sqlite() {
    let lock = LOCK.replace("\r\n", "\n");
    for name in ["sqlx", "sqlx-core", "libsqlite3-sys", "tonic", "axum", "hyper"] {
        assert_eq!(lock.matches(&format!("\nname = \"{name}\"\n")).count(), 1, "{name}");
    }
}

/// Why no other runtime replaces Tokio, as the README says.
#[test]
fn reqwest_tower_and_the_exporter_depend_on_tokio() {
    let lock = LOCK.replace("\r\n", "\n");
    for name in ["reqwest", "tower", "opentelemetry-otlp"] {
        let mut packages = lock.split("[[package]]\n");
        let package = packages.find(|it| it.starts_with(&format!("name = \"{name}\"\n")));
        assert!(package.is_some_and(|it| it.contains("\n \"tokio\",\n")), "{name}");
    }
    let words = README.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains("No other runtime replaces Tokio here, because reqwest, tower's time-out")
    );
}

#[test]
fn the_readme_names_every_file_and_every_variable() {
    for folder in ["src", "tests/real"] {
        let files = std::fs::read_dir(format!("{}/{folder}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        let names = names.filter(|name| !matches!(&**name, "lib.rs" | "support"));
        // `tests/real/main.rs` is where the others are put together.
        let names = names.filter(|name| (folder, &**name) != ("tests/real", "main.rs"));
        let missing = |name: &String| !README.contains(&format!("]({folder}/{name})"));
        assert_eq!(names.filter(missing).collect::<Vec<_>>(), [""; 0]);
    }
    for Variable { name, default, what, allowed } in ALL {
        let default = if default.is_empty() { "" } else { &format!("`{default}` ") };
        let row = format!("\n| `{name}` | {default}| {what} | {allowed} |");
        assert!(README.contains(&row), "{row}");
    }
}
