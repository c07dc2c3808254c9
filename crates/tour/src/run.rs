//! Runs the programs of sections, as the user could by hand.

use crate::WORKSPACE;
use crate::failure::{self, Failure};
use crate::find::or_find;
use crate::map::{Document, File, Section};
use crate::quoted::quoted;
use anstyle::Style;
use std::ffi::OsString;
use std::io::{Error, IsTerminal};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use tour::Language;
use tour::language::VARIABLE;

pub const LISTED: &str = "`cargo run` lists what there is";

const DIM: Style = Style::new().dimmed();

/// Runs the sections in the order given and stops at the first that fails. Its exit code is
/// passed on.
///
/// Every section is looked up before the first runs.
pub fn run(
    map: &[Document],
    document: &Document,
    ids: &[String],
    language: Language,
) -> Result<ExitCode, Failure> {
    let mut plan = Plan::default();
    for id in ids {
        plan.add(document, document.section(id).ok_or_else(|| unknown(map, document, id))?)?;
    }
    for note in plan.notes {
        aside(&note);
    }
    all(&plan.commands, &[(VARIABLE, language.name().into())])
}

/// Runs the commands in order, with these variables, and stops at the first that fails. Its exit code
/// is passed on.
pub fn all(commands: &[Vec<&str>], variables: &[(&str, OsString)]) -> Result<ExitCode, Failure> {
    let Some((last, first)) = commands.split_last() else {
        return Ok(ExitCode::SUCCESS);
    };
    let process = |words| {
        let mut process = process(words);
        process.envs(variables.iter().map(|(name, value)| (name, value)));
        process
    };
    for words in first {
        announce(words);
        if let Some(failed) = build(words)? {
            return Ok(failed);
        }
        let status = process(words).status().map_err(|error| does_not_start(words, &error))?;
        if !status.success() {
            return Ok(exit_code(status));
        }
    }
    announce(last);
    if let Some(failed) = build(last)? {
        return Ok(failed);
    }
    become_it(process(last)).map_err(|error| does_not_start(last, &error))
}

/// Says what runs, and where it can be read.
fn announce(words: &[&str]) {
    const MOST: usize = 4;
    aside(&words.join(" "));
    let Some((krate, files)) = program(words) else { return };
    let folder = format!("crates/sections/{krate}/src/");
    match files.len() {
        0..=MOST => files.iter().for_each(|file| aside(&format!("{folder}{file}.rs"))),
        count => aside(&format!("{folder}: {count} files")),
    }
}

/// The section crate and the files that these words run.
fn program<'a>(words: &'a [&'a str]) -> Option<(&'a str, &'a [&'a str])> {
    let ["cargo", "run", "--quiet", "--package", krate, rest @ ..] = words else { return None };
    let files = rest.iter().position(|word| *word == "--")? + 1;
    (*krate != "tour").then(|| (*krate, &rest[files..]))
}

/// Builds first if somebody watches, since that may take a minute: cargo shows how far it is. What
/// it says if it fails is its exit code.
fn build(words: &[&str]) -> Result<Option<ExitCode>, Failure> {
    if program(words).is_none() || !std::io::stderr().is_terminal() {
        return Ok(None);
    }
    let options = words.iter().skip(3).take_while(|word| **word != "--");
    let words: Vec<_> = ["cargo", "build"].iter().chain(options).copied().collect();
    let status = process(&words).status().map_err(|error| does_not_start(&words, &error))?;
    Ok((!status.success()).then(|| exit_code(status)))
}

/// Returns the command that runs a section, as the user would type it.
pub fn by_number(document: &Document, section: &Section) -> String {
    format!("cargo run -- {} {}", document.command, quoted(Path::new(section.id)))
}

/// Returns the command that runs one file, as the user would type it.
pub fn command(file: &File) -> String {
    format!("cargo run -p {} -- {}", file.krate, file.name)
}

/// Runs one file and comes back. It gets no input: that is the caller's.
pub fn run_file(file: &File) -> Result<(), Failure> {
    let words = cargo_run(file.krate, &[], &[file.name]);
    let refused = |error| does_not_start(&words, &error);
    process(&words).stdin(Stdio::null()).status().map_err(refused)?;
    Ok(())
}

/// Goes on as the program of a package, with the words of the user.
pub fn package(package: &'static str, words: &[OsString]) -> Result<ExitCode, Failure> {
    let own = cargo_run(package, &[], &[]);
    let mut command = process(&own);
    command.args(words);
    become_it(command).map_err(|error| does_not_start(&own, &error))
}

/// The programs that one `cargo run` can run.
pub struct Package {
    pub krate: &'static str,
    /// The files that run without being named.
    pub own: Vec<&'static str>,
    /// The files on request.
    pub asked: Vec<&'static str>,
}

/// `files` by crate, in order.
pub fn packages(files: &[File]) -> impl Iterator<Item = Package> {
    files.chunk_by(|a, b| a.krate == b.krate).map(|files| {
        let names = |on_request| {
            let chosen = files.iter().filter(move |file| file.on_request == on_request);
            chosen.map(|file| file.name).collect()
        };
        Package { krate: files[0].krate, own: names(false), asked: names(true) }
    })
}

#[derive(Debug, Default, PartialEq)]
struct Plan {
    /// The words of each: cargo or a script, and its arguments.
    commands: Vec<Vec<&'static str>>,
    /// The programs that are left out, and how to have them.
    notes: Vec<String>,
}

impl Plan {
    fn add(&mut self, document: &Document, section: &Section) -> Result<(), Failure> {
        let command = document.command;
        let mut left_out = Vec::new();
        for part in document.within(section) {
            for Package { krate, own, asked } in packages(part.files()) {
                for file in asked {
                    let line = cargo_run(krate, &[], &[file]).join(" ");
                    left_out.push(format!("{command} {}, on request: {line}", part.id));
                }
                if !own.is_empty() {
                    self.commands.push(cargo_run(krate, &[], &own));
                }
            }
            for script in &part.scripts {
                match part.id == section.id && part.is_a_script() {
                    true => self.commands.push(script.split(' ').collect()),
                    false => left_out.push(format!("{command} {}, on request: {script}", part.id)),
                }
            }
            self.commands.extend(part.command.map(|command| cargo_run("tour", &[], &[command])));
        }
        if document.runs(section) {
            self.notes.extend(left_out);
            return Ok(());
        }
        let wrong = |why: &str| Failure::wrong(format!("{command} {} {why}", section.id));
        Err(match left_out.is_empty() {
            true => wrong("is prose: there is nothing to run").tip(LISTED),
            false => wrong("waits for you to name its files").tip(left_out.join("; ")),
        })
    }
}

pub fn cargo_run<'a>(krate: &'a str, options: &[&'a str], files: &[&'a str]) -> Vec<&'a str> {
    [&["cargo", "run", "--quiet", "--package", krate], options, &["--"], files].concat()
}

/// In the workspace, so that its `.cargo/config.toml` holds wherever the user stands.
fn process(words: &[&str]) -> Command {
    let program = match words[0] {
        "cargo" => std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
        script => Path::new(WORKSPACE).join(script).into(),
    };
    let mut command = Command::new(program);
    command.args(&words[1..]).current_dir(WORKSPACE);
    command
}

fn does_not_start(words: &[&str], error: &Error) -> Failure {
    Failure::refused(format!("{} does not start", words[0]), error)
}

/// To stderr: stdout is the section's own.
fn aside(text: &str) {
    failure::aside(&format!("{DIM}{text}{DIM:#}\n"));
}

/// As cargo itself does, so that Ctrl+C and the exit code are the section's.
#[cfg(unix)]
fn become_it(mut command: Command) -> std::io::Result<ExitCode> {
    Err(std::os::unix::process::CommandExt::exec(&mut command))
}

#[cfg(not(unix))]
fn become_it(mut command: Command) -> std::io::Result<ExitCode> {
    command.status().map(exit_code)
}

/// 1 if it has none: a signal ended it.
fn exit_code(status: std::process::ExitStatus) -> ExitCode {
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    ExitCode::from(code.unwrap_or(1))
}

pub fn unknown(map: &[Document], document: &Document, id: &str) -> Failure {
    let failure = Failure::wrong(format!("the {} has no section {id}", document.name));
    let elsewhere = map.iter().find_map(|other| Some((other, other.section(id)?)));
    match elsewhere {
        Some((other, section)) => {
            failure.tip(format!("the {} has: {}", other.name, by_number(other, section)))
        }
        None => {
            let known = document.sections.iter().map(|section| section.id);
            or_find(failure.did_you_mean(id, known, LISTED), id)
        }
    }
}

#[cfg(test)]
mod tests;
