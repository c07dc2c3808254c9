//! Counts the crates that a program gets with a runtime.

use crate::contender::Contender;
use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::Command;

const HERE: &str = env!("CARGO_MANIFEST_DIR");

/// Returns the number of crates that a program gets, with the runtime itself, in the versions of this workspace and for
/// this machine. Asks cargo, but not the network.
pub fn crates(contender: &Contender) -> Result<usize, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    package(contender, folder.path()).map_err(|error| error.to_string())?;
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["tree", "--offline", "--edges=normal", "--prefix=none", "--format={p}"])
        .current_dir(folder.path())
        .output()
        .map_err(|error| format!("cargo does not start: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().to_string());
    }
    let tree = String::from_utf8_lossy(&output.stdout);
    // One that stands there again is marked: `libc v0.2.180 (*)`. The first line is the program.
    let crates = tree.lines().skip(1).map(|line| line.trim_end_matches(" (*)"));
    Ok(crates.filter(|line| !line.is_empty()).collect::<HashSet<_>>().len())
}

/// A program that depends on this runtime and on nothing else.
fn package(contender: &Contender, folder: &Path) -> std::io::Result<()> {
    let tiny_runtime = Path::new(HERE).join("../../tiny-runtime");
    let needs = contender.needs.replace("$TINY_RUNTIME", &tiny_runtime.display().to_string());
    let manifest = format!(
        "[package]\nname = \"program\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{needs}\n"
    );
    fs::create_dir(folder.join("src"))?;
    fs::write(folder.join("src/main.rs"), "fn main() {}\n")?;
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::copy(Path::new(HERE).join("../../../Cargo.lock"), folder.join("Cargo.lock")).map(drop)
}
