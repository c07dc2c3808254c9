//! Recordings of a program's tasks and output: made once, shown on its page from then on.

use crate::source;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::{self, File as Output};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use tour::data::{Crate, File, crates};
use tour::failure::{Failure, aside};

/// Below the workspace.
const FOLDER: &str = "target/timelines";

/// After that many milliseconds a program is cut off.
const LIMIT: &str = "10000";

/// The programs mostly sleep, so several crates run at once. Those of one crate do not: they may use the same port.
const AT_ONCE: usize = 4;

/// Runs each program of these crates that runs without being named, and records it.
///
/// # Errors
///
/// If cargo does not build them, or `target` cannot be written. A program that cannot be recorded is named
/// on stderr.
pub fn record(workspace: &Path, crates: &[&Crate]) -> Result<(), Failure> {
    let programs = built(workspace, crates)?;
    let next = AtomicUsize::new(0);
    // Relaxed: each number is given once, and nothing else.
    let next = || crates.get(next.fetch_add(1, Ordering::Relaxed));
    let worker =
        || std::iter::from_fn(next).try_for_each(|krate| all_of(workspace, krate, &programs));
    thread::scope(|scope| {
        let workers: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(worker)).collect();
        let ended = workers.into_iter().map(|it| it.join().expect("a worker does not panic"));
        ended.collect()
    })
}

/// Builds the programs, all at once and so each dependency once, with what records. Returns where they are.
fn built(workspace: &Path, crates: &[&Crate]) -> Result<BTreeMap<String, PathBuf>, Failure> {
    let packages = crates.iter().flat_map(|krate| ["--package", krate.name]);
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--message-format", "json-render-diagnostics"])
        .args(["--features", "utils/timeline"])
        .args(packages)
        .current_dir(workspace)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| Failure::refused("cargo does not start", &error))?;
    if !built.status.success() {
        return Err(Failure::unable(
            "the programs cannot be built: cargo says above why".to_string(),
        ));
    }
    let made = built.stdout.split(|byte| *byte == b'\n');
    let made = made.filter_map(|line| serde_json::from_slice::<Value>(line).ok());
    let programs = made.filter_map(|made| {
        let program = PathBuf::from(made["executable"].as_str()?);
        Some((made["target"]["name"].as_str()?.to_string(), program))
    });
    Ok(programs.collect())
}

fn all_of(
    workspace: &Path,
    krate: &Crate,
    programs: &BTreeMap<String, PathBuf>,
) -> Result<(), Failure> {
    let folder = workspace.join(FOLDER).join(krate.name);
    let refused = |error| Failure::refused(folder.display(), &error);
    fs::create_dir_all(&folder).map_err(refused)?;
    let program = programs.get(krate.name);
    let program =
        program.ok_or_else(|| Failure::unable(format!("{} has no program", krate.name)))?;
    for file in krate.files.iter().filter(|file| !file.on_request) {
        let ran = run(workspace, program, *file).map_err(refused)?;
        let kind = if ran { "recorded" } else { "not recorded" };
        aside(&format!("{} {kind}\n", file.path()));
    }
    Ok(())
}

fn run(workspace: &Path, program: &Path, file: File) -> io::Result<bool> {
    let [timeline, printed] = [HTML, TEXT].map(|kind| workspace.join(place(file, kind)));
    if timeline.exists() {
        fs::remove_file(&timeline)?;
    }
    let printed = Output::create(printed)?;
    let ran = Command::new(program)
        .arg(file.name)
        .current_dir(workspace)
        .env("TIMELINE_FRAGMENT", timeline)
        .env("TIMELINE_FOR_MS", LIMIT)
        .env("RUST_BACKTRACE", "0")
        .env("TOUR_LANG", "en")
        .stdin(Stdio::null())
        // As on a terminal, both are one text.
        .stdout(printed.try_clone()?)
        .stderr(printed)
        .status()?;
    Ok(ran.success())
}

/// The parts of a recorded program that a page shows.
pub struct Recorded {
    /// Without what all timelines have in common.
    pub timeline: String,
    printed: String,
}

impl Recorded {
    /// All that the program prints. None if it was cut off.
    pub fn printed(&self) -> Option<&str> {
        (!self.timeline.contains(CUT_OFF)).then_some(&self.printed)
    }
}

/// On the page of a recording.
const CUT_OFF: &str = "the recording was cut off";

/// The recording of a program, if there is one.
pub fn of(workspace: &Path, file: File) -> Option<Recorded> {
    let html = source::read(workspace, &place(file, HTML)).ok()?;
    let printed = source::read(workspace, &place(file, TEXT)).ok()?;
    // A blank line would end the HTML, and what follows would be Markdown.
    let lines = html.lines().filter(|line| !line.trim().is_empty());
    let html: String = lines.map(|line| format!("{line}\n")).collect();
    let timeline = ["style", "script"].iter().fold(html, |html, tag| without(&html, tag).0);
    Some(Recorded { timeline, printed: own_lines(&printed, file) })
}

/// Returns what the program has printed, without what the recorder has said below it.
fn own_lines(printed: &str, file: File) -> String {
    let mut lines: Vec<_> = printed.lines().collect();
    lines.pop_if(|line| line.ends_with(&place(file, HTML)));
    lines.pop_if(|line| line.starts_with("there is nothing to draw: "));
    lines.join("\n")
}

/// The style and the script that all timelines have in common. Empty if none is recorded.
pub fn shared(workspace: &Path) -> [String; 2] {
    let files = crates().iter().flat_map(|krate| &krate.files);
    let htmls = files.filter_map(|file| source::read(workspace, &place(*file, HTML)).ok());
    // A run in which nothing happened has no script.
    let html = htmls.max_by_key(|html| html.contains("<script>")).unwrap_or_default();
    ["style", "script"].map(|tag| without(&html, tag).1)
}

/// `html` without its first element of this name, and what that contains.
fn without(html: &str, tag: &str) -> (String, String) {
    let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
    let found = html.split_once(&open).and_then(|(before, rest)| {
        let (inner, after) = rest.split_once(&close)?;
        Some((format!("{before}{after}"), inner.to_string()))
    });
    found.unwrap_or_else(|| (html.to_string(), String::new()))
}

const HTML: &str = "html";
const TEXT: &str = "txt";

fn place(file: File, kind: &str) -> String {
    format!("{FOLDER}/{}/{}.{kind}", file.krate, file.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_recorder_says_is_not_printed_by_the_program() {
        let file = File { krate: "x", name: "y", on_request: false };
        let said = "there is nothing to draw: x y runs nothing on Tokio\n";
        let path = "/here/target/timelines/x/y.html\n";
        assert_eq!(own_lines(&format!("one\ntwo\n{path}"), file), "one\ntwo");
        assert_eq!(own_lines(&format!("one\n{said}{path}"), file), "one");
        assert_eq!(own_lines(path, file), "");
        assert_eq!(own_lines("one\n", file), "one");
    }

    #[test]
    fn what_timelines_have_in_common_is_taken_out_once() {
        let html = "<section><style>a{}</style><p>1</p><script>let x;</script></section>";
        let (rest, style) = without(html, "style");
        assert_eq!(
            (rest.as_str(), style.as_str()),
            ("<section><p>1</p><script>let x;</script></section>", "a{}")
        );
        let (rest, script) = without(&rest, "script");
        assert_eq!((rest.as_str(), script.as_str()), ("<section><p>1</p></section>", "let x;"));
        assert_eq!(without(&rest, "script"), (rest.clone(), String::new()));
    }
}
