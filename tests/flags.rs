//! Promise: what needs `--cfg tokio_unstable`, the flag of this workspace, says so where it is built
//! without.

use crate::support::compiler::{Compiler, Emit, Program};
use crate::support::{WORKSPACE, built, program, read, write_if_changed};
use std::fs;
use std::path::Path;
use std::process::Command;

/// The document's own call, with the dependencies of `observability`.
/// Proves G-Q5-1, D-12-1.
#[test]
#[cfg_attr(tokio_unstable, ignore = "is about a build without it: scripts/without-flag")]
fn init_panics_without_the_flag() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("console-init");
    fs::create_dir_all(&folder).expect("target/tmp can be written");
    let file = folder.join("init.rs");
    write_if_changed(&file, "fn main() {\n    console_subscriber::init();\n}\n");
    let name = "console_subscriber".to_string();
    let libraries = [(name.clone(), name)].into();
    let init = Program { name: "init".to_string(), file, libraries, emit: Emit::Program };
    let said = Compiler::at_hand().compile(vec![init], &built::dependencies(), &folder);
    assert!(said.iter().all(|(_, said)| said.is_empty()), "{:?}", said[0].1);
    let output = Command::new(folder.join("out/init")).output().expect("it has been built");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(101), "{stderr}");
    let reason = "task tracing requires Tokio to be built with RUSTFLAGS=\"--cfg tokio_unstable\"!";
    assert!(stderr.contains(reason), "{stderr}");
    assert!(output.stdout.is_empty());
}

#[test]
#[cfg_attr(tokio_unstable, ignore = "is about a build without it: scripts/without-flag")]
fn a_part_that_lacks_the_flag_is_an_error_that_names_it() {
    for (part, what) in [("console", "the console"), ("task_dump", "a task dump")] {
        let output = program("observability").arg(part).output().expect("it has been built");
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
    let lock = read("Cargo.lock");
    let (_, version) = lock.split_once("name = \"console-subscriber\"\nversion = \"").unwrap();
    assert!(version.starts_with("0.5."));
}

/// The other half, the feature without the flag, is `tests/ui/observability/dump_without_flag`.
/// Proves G-Q5-3.
#[test]
fn with_the_flag_alone_there_is_no_dump() {
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("flag-alone");
    fs::create_dir_all(package.join("src")).expect("target/tmp can be written");
    // `[workspace]` because target/ lies inside one.
    let manifest = "[package]\nname = \"flag-alone\"\nedition = \"2024\"\n\n[workspace]\n\n\
                    [dependencies]\ntokio = { version = \"1.54\", features = [\"rt\"] }\n";
    let program = "fn main() {\n    drop(tokio::runtime::Handle::current().dump());\n}\n";
    fs::write(package.join("Cargo.toml"), manifest).expect("target/tmp can be written");
    fs::write(package.join("src/main.rs"), program).expect("target/tmp can be written");
    let lock = Path::new(WORKSPACE).join("Cargo.lock");
    fs::copy(lock, package.join("Cargo.lock")).expect("the workspace has a lock file");
    let output = Command::new(env!("CARGO"))
        .args(["check", "--quiet"])
        .current_dir(&package)
        .env("CARGO_ENCODED_RUSTFLAGS", "--cfg\x1ftokio_unstable")
        // Nothing is edited here: what is kept for that would take half of the time and disk.
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_TARGET_DIR", package.join("target"))
        .output()
        .expect("cargo runs this test, so it can be run");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(stderr.contains("error[E0599]: no method named `dump`"), "{stderr}");
    assert_eq!(stderr.matches("error[").count(), 1, "{stderr}");
}
