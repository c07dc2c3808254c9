//! What the tasks of a program did: recorded once, shown on its page from then on.

use crate::source;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use tour::data::{Crate, File};
use tour::failure::{Failure, aside};

/// Below the workspace.
const FOLDER: &str = "target/timelines";

/// After that many milliseconds a program is cut off.
const LIMIT: &str = "5000";

/// A page stays small.
const LARGEST: usize = 60_000;

/// Runs each program of a crate that runs without being named, and records it.
///
/// # Errors
///
/// If cargo does not start, or `target` cannot be written. A program that cannot be recorded is named
/// on stderr.
pub fn record(workspace: &Path, krate: &Crate) -> Result<(), Failure> {
    for file in krate.files.iter().filter(|file| !file.on_request) {
        let place = workspace.join(place(*file));
        let folder = place.parent().unwrap_or(workspace);
        fs::create_dir_all(folder).map_err(|error| Failure::refused(folder.display(), &error))?;
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let ran = Command::new(cargo)
            .args(["run", "--quiet", "--package", krate.name, "--features", "utils/timeline"])
            .args(["--", file.name])
            .current_dir(workspace)
            .env("TIMELINE_FRAGMENT", &place)
            .env("TIMELINE_FOR_MS", LIMIT)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .map_err(|error| Failure::refused("cargo does not start", &error))?;
        let kind = if ran.success() { "recorded" } else { "not recorded" };
        aside(&format!("{} {kind}\n", file.path()));
    }
    Ok(())
}

/// The recording of a program as HTML, if there is one and it is not too large for a page.
pub fn timeline(workspace: &Path, file: File) -> Option<String> {
    let html = source::read(workspace, &place(file)).ok()?;
    // A blank line would end the HTML, and what follows would be Markdown.
    let lines: String = html
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| format!("{line}\n"))
        .collect();
    (lines.len() <= LARGEST).then_some(lines)
}

fn place(file: File) -> String {
    format!("{FOLDER}/{}/{}.html", file.krate, file.name)
}
