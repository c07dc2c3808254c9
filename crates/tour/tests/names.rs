//! `copy` into a folder whose name is that of a crate.

use std::fs;
use std::process::Command;
use tempfile::TempDir;

/// A library `tokio` that depends on tokio does not build.
#[test]
fn a_new_package_is_not_called_like_what_it_needs() {
    let home = TempDir::new().unwrap();
    for (name, folder, package) in [
        ("retry", "tokio", "tokio-app"),
        ("retry", "thiserror", "thiserror-app"),
        ("retry", "serde", "serde"),
        ("retry", "fn", "fn-app"),
        ("try_join", "std", "std-app"),
    ] {
        let mut tour = Command::new(env!("CARGO_BIN_EXE_tour"));
        let output = tour.args(["copy", name, folder]).current_dir(home.path()).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let manifest = fs::read_to_string(home.path().join(folder).join("Cargo.toml")).unwrap();
        assert!(manifest.contains(&format!("\nname = \"{package}\"\n")), "{manifest}");
    }
    let used = fs::read_to_string(home.path().join("tokio/src/retry.rs")).unwrap();
    assert!(used.contains("tokio_app::retry") && !used.contains("recipes::"), "{used}");
}
