//! What a build lacks without `--cfg tokio_unstable`, and with it alone.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The folder of the build that this test belongs to.
fn target() -> PathBuf {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    temporary.parent().expect("it lies in target/").into()
}

fn cargo(rustflags: &str) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.env("CARGO_ENCODED_RUSTFLAGS", rustflags.replace(' ', "\x1f"));
    // It would be one more folder on the way to what is built.
    command.env_remove("CARGO_BUILD_TARGET");
    // Nothing is edited here: what is kept for that would take half of the time and disk.
    command.env("CARGO_INCREMENTAL", "0");
    command
}

/// Runs a part of this crate, built without any flag.
fn run_without_the_flag(part: &str) -> Output {
    let programs = Path::new(env!("CARGO_TARGET_TMPDIR")).join("without-the-flag");
    cargo("")
        .args(["run", "--quiet", "--package", "observability", "--", part])
        // Dependencies are shared; the program with the flag must stay where its users find it.
        .env("CARGO_BUILD_BUILD_DIR", target())
        .env("CARGO_TARGET_DIR", programs)
        .env("RUST_BACKTRACE", "0")
        .output()
        .expect("cargo runs this test, so it can be run")
}

/// A package of its own below target/, with our lock file, and the folder that it lies in.
fn package(name: &str, dependencies: &str, program: &str) -> PathBuf {
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(package.join("src")).expect("target/tmp can be written");
    // `[workspace]` because target/ lies inside one; the profile is that of this one.
    let manifest = format!(
        "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [profile.dev]\ndebug = \"line-tables-only\"\n\n\
         [profile.dev.package.\"*\"]\ndebug = false\n\n[dependencies]\n{dependencies}\n"
    );
    fs::write(package.join("Cargo.toml"), manifest).expect("target/tmp can be written");
    fs::write(package.join("src/main.rs"), program).expect("target/tmp can be written");
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../Cargo.lock");
    fs::copy(lock, package.join("Cargo.lock")).expect("the workspace has a lock file");
    package
}

/// The document's own call, with the dependencies of this crate.
/// Proves G-Q5-1, D-12-1.
#[test]
fn init_panics_without_the_flag() {
    let manifest = include_str!("../Cargo.toml");
    let (_, dependencies) = manifest.split_once("[dependencies]\n").expect("it has some");
    let (dependencies, _) = dependencies.split_once("\n\n").expect("a paragraph of them");
    let program = "fn main() {\n    console_subscriber::init();\n}\n";
    let package = package("init-alone", dependencies, program);
    let output = cargo("")
        .args(["run", "--quiet", "--offline"])
        .current_dir(&package)
        // Dependencies are shared with the program above.
        .env("CARGO_BUILD_BUILD_DIR", target())
        .env("CARGO_TARGET_DIR", package.join("target"))
        .env("RUST_BACKTRACE", "0")
        .output()
        .expect("cargo runs this test, so it can be run");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(101), "{stderr}");
    let reason = "task tracing requires Tokio to be built with RUSTFLAGS=\"--cfg tokio_unstable\"!";
    assert!(stderr.contains(reason), "{stderr}");
    assert!(output.stdout.is_empty());
}

#[test]
fn a_part_that_lacks_the_flag_is_an_error_that_names_it() {
    for (part, what) in [("console", "the console"), ("task_dump", "a task dump")] {
        let output = run_without_the_flag(part);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        let flag = "RUSTFLAGS=\"--cfg tokio_unstable\" before `cargo run`";
        assert!(stderr.starts_with(&format!("error: {what} takes {flag}\n")), "{stderr}");
        assert!(output.stdout.is_empty(), "{part}");
    }
}

/// The document has 0.4.
/// Proves D-12-1.
#[test]
fn the_console_subscriber_of_today_is_0_5() {
    let lock = include_str!("../../../../Cargo.lock").replace("\r\n", "\n");
    let (_, version) = lock.split_once("name = \"console-subscriber\"\nversion = \"").unwrap();
    assert!(version.starts_with("0.5."));
}

/// The other half, the feature without the flag, is `tests/ui/observability/dump_without_flag`.
/// Proves G-Q5-3.
#[test]
fn with_the_flag_alone_there_is_no_dump() {
    let dependencies = "tokio = { version = \"1.54\", features = [\"rt\"] }";
    let program = "fn main() {\n    drop(tokio::runtime::Handle::current().dump());\n}\n";
    let package = package("flag-alone", dependencies, program);
    let output = cargo("--cfg tokio_unstable")
        .args(["check", "--quiet"])
        .current_dir(&package)
        .env("CARGO_TARGET_DIR", package.join("target"))
        .output()
        .expect("cargo runs this test, so it can be run");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(stderr.contains("error[E0599]: no method named `dump`"), "{stderr}");
    assert_eq!(stderr.matches("error[").count(), 1, "{stderr}");
}
